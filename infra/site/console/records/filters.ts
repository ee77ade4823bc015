/** What records are looked for by, as typed and chosen; empty where it doesn't matter. Days are the reader's own. */
export interface Filters {
  number: string;
  q: string;
  queue_id: string;
  category_id: string;
  disposition: string;
  score: string;
  from: string;
  to: string;
}

export const NOTHING: Filters = {
  number: "",
  q: "",
  queue_id: "",
  category_id: "",
  disposition: "",
  score: "",
  from: "",
  to: "",
};

const NAMES = Object.keys(NOTHING) as (keyof Filters)[];
const SHORTEST_NUMBER = 3;

/** From an address; what is not known there is left out. */
export function filtersIn(asked: string): Filters {
  const told = new URLSearchParams(asked);
  return Object.fromEntries(NAMES.map((name) => [name, told.get(name) ?? ""])) as unknown as Filters;
}

/** For an address: only what is asked for. */
export function asAddress(filters: Filters): string {
  const pairs = NAMES.filter((name) => filters[name] !== "").map((name) => [name, filters[name]]);
  return new URLSearchParams(pairs).toString();
}

/** How the server is asked, or null while there is too little to ask for. `to` is the last day that counts. */
export function queryOf(filters: Filters): Record<string, string> | null {
  const number = filters.number.replace(/[^\p{L}\p{N}]/gu, "");
  const told = {
    number: number.length < SHORTEST_NUMBER ? "" : number,
    q: filters.q.trim(),
    queue_id: filters.queue_id,
    category_id: filters.category_id,
    disposition: filters.disposition,
    score: /^[1-5]$/.test(filters.score) ? filters.score : "",
    from: instantOf(filters.from, 0),
    to: instantOf(filters.to, 1),
  };
  const pairs = Object.entries(told).filter(([, value]) => value !== "");
  return pairs.length > 0 ? Object.fromEntries(pairs) : null;
}

/** Those that stand behind "more filters". */
export function isNarrowed(filters: Filters): boolean {
  const { number: _, q: __, ...rest } = filters;
  return Object.values(rest).some((value) => value !== "");
}

/** When a day begins where the reader is, so many days on; empty where it is no day. */
function instantOf(day: string, on: number): string {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (!year) return "";
  const begins = new Date(Number(year), Number(month) - 1, Number(date) + on);
  return Number.isNaN(begins.getTime()) ? "" : begins.toISOString().replace(/\.\d+Z$/, "Z");
}
