/**
 * The only code that runs in the host page: the launcher in a shadow root, and the panel's frame once somebody means it.
 *
 *   <script async src="https://chat.example/widget/deskbell.js" data-source="demo"></script>
 *
 * Besides `data-source`: `data-lang`, `data-color`, `data-position="start"`, `data-launcher="off"`.
 */
import { type Init, READY, type ToHost, type ToPanel } from "./port.ts";

type Call = [name: string, ...given: unknown[]];
type Api = ((...call: Call) => void) & { q?: Iterable<Call> };

const script = document.currentScript as HTMLScriptElement | null;
const settings = script?.dataset ?? {};
const source = settings["source"] ?? "";
const base = new URL(".", script?.src || location.href);
const prefix = `deskbell:${source}:`;
const LIVE = "live";
const NARROW = 480;

const WORDS = {
  en: ["Open chat", "Close chat", "Chat", "{n} unread", "New message"],
  zh: ["打开在线客服", "关闭在线客服", "在线客服", "{n} 条未读", "收到新消息"],
} as const;
const lang = settings["lang"] || document.documentElement.lang || navigator.language;
const words = /^zh/i.test(lang) ? WORDS.zh : WORDS.en;
const edge = settings["position"] === "start" ? "start" : "end";
const color = /^#[\da-f]{3,8}$/i.test(settings["color"] ?? "") ? settings["color"] : "#0b6153";

/* Pixels, not rems, and an inner wrapper that resets: the host's own styles inherit into a shadow root. */
const STYLE = `.w{all:initial;font:600 12px/20px system-ui,sans-serif}
[hidden]{display:none!important}
button{all:unset;box-sizing:border-box;position:fixed;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-${edge}:20px;inline-size:56px;block-size:56px;border-radius:50%;background:${color};color:#fff;display:grid;place-items:center;cursor:pointer;z-index:2147483000;box-shadow:0 4px 20px rgb(0 0 0/.25)}
button:focus-visible{outline:3px solid #fff;outline-offset:-6px;box-shadow:0 0 0 4px ${color}}
span{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#b3261e;text-align:center}
iframe{all:unset;position:fixed;inset-block-end:88px;inset-inline-${edge}:20px;inline-size:384px;block-size:min(640px,calc(100dvh - 108px));border-radius:14px;box-shadow:0 12px 48px rgb(0 0 0/.28);z-index:2147483001;background:Canvas;color-scheme:light dark}
iframe.off{visibility:hidden;pointer-events:none}
@media(max-width:${NARROW}px){iframe{inset:0;inline-size:100%;block-size:100dvh;border-radius:0}}
@media(prefers-reduced-motion:no-preference){iframe{transition:opacity .16s,translate .16s}iframe.off{opacity:0;translate:0 12px}}
p{position:fixed;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);margin:0}`;

let frame: HTMLIFrameElement | undefined;
let port: MessagePort | undefined;
let isOpen = false;
let unread = 0;
let attributes: Record<string, string> | null = null;
let unsaid: ToPanel[] = [];
let hostOverflow = "";
const listeners = new Map<string, Set<(told: unknown) => void>>();
const locks = new Map<number, () => void>();

/** The host's storage, or nothing where the browser refuses it. */
const kept = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(prefix + key);
    } catch {
      return null;
    }
  },
  write(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(prefix + key);
      else localStorage.setItem(prefix + key, value);
    } catch {
      // The panel keeps it in memory.
    }
  },
  all(): Record<string, string> {
    try {
      const own = Object.entries(localStorage).filter(([key]) => key.startsWith(prefix));
      return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), String(value)]));
    } catch {
      return {};
    }
  },
};

/** Whether the panel stands open in this tab: it does on its next page too, where it covers nothing. */
const stays = {
  read(): boolean {
    try {
      return sessionStorage.getItem(`${prefix}open`) !== null;
    } catch {
      return false;
    }
  },
  write(on: boolean): void {
    try {
      if (on) sessionStorage.setItem(`${prefix}open`, "1");
      else sessionStorage.removeItem(`${prefix}open`);
    } catch {
      // Then it is closed on the next page.
    }
  },
};

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, given: Record<string, string> = {}) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  return made;
}

const host = document.createElement("deskbell-launcher");
const root = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
root.adoptedStyleSheets = [sheet];
const rightToLeft = /^(ar|fa|he|ur)\b/i.test(lang);
const wrapper = element("div", { class: "w", lang, dir: rightToLeft ? "rtl" : "ltr" });
const button = element("button", { type: "button", "aria-haspopup": "dialog" });
const badge = element("span", { "aria-hidden": "true" });
const status = element("p", { role: "status" });
const svgName = "http://www.w3.org/2000/svg";
const picture = document.createElementNS(svgName, "svg");
const path = document.createElementNS(svgName, "path");
for (const [key, value] of Object.entries({
  viewBox: "0 0 24 24",
  width: "26",
  fill: "none",
  stroke: "currentColor",
  "stroke-width": "2",
  "aria-hidden": "true",
})) {
  picture.setAttribute(key, value);
}
picture.append(path);
button.append(picture, badge);
wrapper.append(button, status);
root.append(wrapper);

const isNarrow = () => innerWidth <= NARROW;
const pageSeen = () => ({ url: location.href, title: document.title });

function tell(word: ToPanel): void {
  if (port) port.postMessage(word);
  else unsaid.push(word);
}

function emit(name: string, told?: unknown): void {
  for (const listener of listeners.get(name) ?? []) listener(told);
}

function paint(): void {
  path.setAttribute("d", isOpen ? "M6 6l12 12M18 6L6 18" : "M4 5h16v11H9l-5 4z");
  const count = unread > 0 ? `, ${words[3].replace("{n}", String(unread))}` : "";
  button.setAttribute("aria-expanded", String(isOpen));
  button.setAttribute("aria-label", words[isOpen ? 1 : 0] + count);
  button.hidden = settings["launcher"] === "off" || (isOpen && isNarrow());
  badge.hidden = unread === 0 || isOpen;
  badge.textContent = unread > 99 ? "99+" : String(unread);
}

/** A frame can't see the keyboard of a phone: the panel is kept within what it leaves. */
function fit(): void {
  const view = visualViewport;
  if (!frame || !view) return;
  const full = isOpen && isNarrow();
  frame.style.blockSize = full ? `${view.height}px` : "";
  frame.style.transform = full ? `translateY(${view.offsetTop}px)` : "";
}

function load(): void {
  if (frame) return;
  const url = new URL("app.html", base);
  url.searchParams.set("source", source);
  url.searchParams.set("lang", lang);
  frame = element("iframe", {
    class: "off",
    title: words[2],
    src: url.href,
    allow: "clipboard-write; microphone; camera; autoplay",
    referrerpolicy: "strict-origin-when-cross-origin",
    tabindex: "-1",
  });
  wrapper.append(frame);
}

/** `takesFocus`: somebody asked for it. */
function show(on: boolean, takesFocus = true): void {
  load();
  if (!frame || on === isOpen) return;
  isOpen = on;
  stays.write(on);
  frame.classList.toggle("off", !on);
  if (on) frame.removeAttribute("tabindex");
  else frame.setAttribute("tabindex", "-1");
  const page = document.documentElement.style;
  if (on && isNarrow()) {
    hostOverflow = page.overflow;
    page.overflow = "hidden";
  } else if (!on && page.overflow === "hidden") page.overflow = hostOverflow;
  tell({ t: "open", on });
  paint();
  fit();
  if (takesFocus) {
    if (on) frame.focus();
    else button.focus({ preventScroll: true });
  }
  emit(on ? "open" : "close");
}

/** The panel says that it is there: it gets a port of its own, which nothing else on the page can speak on. */
function meet(event: MessageEvent): void {
  if (!frame || event.origin !== base.origin || event.source !== frame.contentWindow || event.data !== READY)
    return;
  for (const release of locks.values()) release();
  locks.clear();
  port?.close();
  const pair = new MessageChannel();
  openTabs();
  port = pair.port1;
  port.onmessage = ({ data }: MessageEvent<ToHost>) => HEARD[data.t]?.(data as never);
  const init: Init = {
    type: "deskbell:init",
    kept: kept.all(),
    page: pageSeen(),
    open: isOpen,
    attributes,
  };
  frame.contentWindow?.postMessage(init, base.origin, [pair.port2]);
  for (const word of unsaid) port.postMessage(word);
  unsaid = [];
}

let tabs: BroadcastChannel | null | undefined;
function openTabs(): BroadcastChannel | null {
  if (tabs === undefined) {
    try {
      tabs = new BroadcastChannel(prefix);
      tabs.onmessage = ({ data }) => tell({ t: "heard", message: data });
    } catch {
      tabs = null;
    }
  }
  return tabs;
}

type Heard = { [Type in ToHost["t"]]: (word: Extract<ToHost, { t: Type }>) => void };
const HEARD: Heard = {
  unread({ count, text }) {
    if (count > unread && !isOpen) status.textContent = words[4] + (text ? `: ${text}` : "");
    unread = count;
    paint();
    emit("unread", unread);
  },
  close: () => show(false),
  live: ({ on }) => kept.write(LIVE, on ? "1" : null),
  event: ({ name, told }) => emit(name, told),
  keep: ({ key, value }) => kept.write(key, value),
  refresh: ({ id }) => tell({ t: "refreshed", id, kept: kept.all() }),
  lock: ({ id, name }) => lend(id, name),
  unlock({ id }) {
    locks.get(id)?.();
    locks.delete(id);
  },
  say: ({ message }) => openTabs()?.postMessage(message),
};

function lend(id: number, name: string): void {
  const stop = new AbortController();
  locks.set(id, () => stop.abort());
  const held = () =>
    new Promise<void>((release) => {
      locks.set(id, release);
      tell({ t: "locked", id });
    });
  const refused = () => tell({ t: "unlockable", id });
  if (!navigator.locks) refused();
  else navigator.locks.request(prefix + name, { signal: stop.signal }, held).catch(refused);
}

const CALLS: Record<string, (...given: unknown[]) => void> = {
  open: () => show(true),
  close: () => show(false),
  toggle: () => show(!isOpen),
  on(name, listener) {
    const known = listeners.get(String(name)) ?? new Set();
    listeners.set(String(name), known.add(listener as (told: unknown) => void));
  },
  off: (name, listener) => listeners.get(String(name))?.delete(listener as (told: unknown) => void),
  set(given) {
    attributes = given as Record<string, string>;
    tell({ t: "set", attributes });
  },
  /** Puts words into the field; the customer sends them. */
  draft(text) {
    tell({ t: "draft", text: String(text) });
    show(true);
  },
  signOut() {
    tell({ t: "sign-out" });
    for (const key of Object.keys(kept.all())) kept.write(key, null);
  },
  destroy() {
    show(false);
    removeEventListener("message", meet);
    for (const release of locks.values()) release();
    port?.close();
    tabs?.close();
    host.remove();
  },
};

button.addEventListener("click", () => show(!isOpen));
button.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && isOpen) show(false);
});
for (const intent of ["pointerenter", "focus", "touchstart"]) {
  button.addEventListener(intent, load, { once: true, passive: true });
}
addEventListener("message", meet);
addEventListener("resize", paint);
visualViewport?.addEventListener("resize", fit);
visualViewport?.addEventListener("scroll", fit);
addEventListener("storage", ({ key, newValue }) => {
  if (port && key?.startsWith(prefix)) tell({ t: "kept", key: key.slice(prefix.length), value: newValue });
});
(globalThis as { navigation?: EventTarget }).navigation?.addEventListener("navigatesuccess", () => {
  if (port) tell({ t: "page", page: pageSeen() });
});

const world = globalThis as unknown as { deskbell?: Api };
const waiting = world.deskbell?.q ?? [];
const api: Api = (name, ...given) => CALLS[name]?.(...given);
world.deskbell = api;

function begin(): void {
  paint();
  document.body.append(host);
  if (stays.read() && !isNarrow()) show(true, false);
  else if (kept.read(LIVE)) (globalThis.requestIdleCallback ?? setTimeout)(load);
  for (const call of waiting) api(...call);
}
if (document.body) begin();
else addEventListener("DOMContentLoaded", begin, { once: true });
