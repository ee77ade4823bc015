/** Every picture is a path of 24 × 24, stroked in the text's colour. */
const PATHS = {
  alert: "M12 4 2.8 19.5h18.4zM12 10v4M12 17v.1",
  auto: "M12 4a8 8 0 100 16 8 8 0 000-16M12 4v16M12 8h5M12 12h8M12 16h5",
  back: "M14 6l-6 6 6 6",
  bell: "M6 16V11a6 6 0 0112 0v5l2 2H4zM10 21h4",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  chat: "M4 5h16v11H9l-5 4z",
  check: "M5 12l5 5 9-10",
  checks: "M2 12.5l4.5 4.5 8.5-9.5M11.5 15.5l1.5 1.5 8.5-9.5",
  clock: "M12 4a8 8 0 100 16 8 8 0 000-16M12 8v4l3 2",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  down: "M6 9l6 6 6-6",
  end: "M5 5h14v14H5z",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12M12 9a3 3 0 100 6 3 3 0 000-6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  forward: "M10 6l6 6-6 6",
  gauge: "M4 17a8 8 0 1116 0M12 17l4-6",
  gear: "M12 9a3 3 0 100 6 3 3 0 000-6M12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.2 2.2M16.2 16.2l2.2 2.2M5.6 18.4l2.2-2.2M16.2 7.8l2.2-2.2",
  globe: "M12 3a9 9 0 100 18 9 9 0 000-18M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
  inbox: "M4 13h4l2 3h4l2-3h4M4 13V6a2 2 0 012-2h12a2 2 0 012 2v12a2 2 0 01-2 2H6a2 2 0 01-2-2z",
  keyboard: "M3 6h18v12H3zM7 10v.1M11 10v.1M15 10v.1M8 14h8",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  lock: "M6 11h12v9H6zM8 11V8a4 4 0 018 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  moon: "M20 14A8 8 0 0110 4a8 8 0 1010 10",
  more: "M5 12h.1M12 12h.1M19 12h.1",
  note: "M5 4h14v10l-5 6H5zM14 20v-6h5",
  mic: "M12 3a3 3 0 00-3 3v6a3 3 0 006 0V6a3 3 0 00-3-3M6 11v1a6 6 0 0012 0v-1M12 18v3",
  out: "M14 4h6v6M20 4l-9 9M17 14v6H4V7h6",
  paperclip: "M20 11l-8.5 8.5a5 5 0 01-7-7L13 4a3.5 3.5 0 015 5l-8.5 8.5a2 2 0 01-3-3L14 7",
  panel: "M4 5h16v14H4zM15 5v14",
  phone: "M6 3l4 1 1 5-2.5 1.5a12 12 0 005 5L15 13l5 1 1 4a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2",
  pause: "M8 5v14M16 5v14",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8M4 21c0-5 4-7 8-7s8 2 8 7",
  play: "M7 5l12 7-12 7z",
  plus: "M12 5v14M5 12h14",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  queue: "M4 6h16M4 12h16M4 18h10",
  reply: "M10 6l-6 6 6 6M4 12h10a6 6 0 016 6v1",
  retry: "M20 12a8 8 0 11-2-5M20 4v4h-4",
  search: "M11 5a6 6 0 100 12 6 6 0 000-12M16 16l4 4",
  send: "M4 12l16-8-6 16-3-7z",
  smile: "M12 3a9 9 0 100 18 9 9 0 000-18M8 14c2 3 6 3 8 0M9 9v.1M15 9v.1",
  star: "M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3-5.6 3 1.2-6.2L3 9.5l6.3-.8z",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19",
  tag: "M4 4h8l8 8-8 8-8-8zM8 8v.1",
  transfer: "M4 8h14l-4-4M20 16H6l4 4",
  up: "M6 15l6-6 6 6",
} as const;

export type IconName = keyof typeof PATHS;

/** Those that point along the line of reading. */
const TURNS = new Set<IconName>(["back", "forward", "reply", "send", "out", "transfer"]);

/** A picture beside words or in a named button: it says nothing by itself. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  const turns = TURNS.has(name) ? { "data-turns": "" } : {};
  return (
    <svg class="db-icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" {...turns}>
      <path d={PATHS[name]} />
    </svg>
  );
}
