import { computed, signal } from "@preact/signals";

export const PAGES = ["inbox", "records", "customers", "live", "roster", "settings"] as const;
export type Page = (typeof PAGES)[number];

export type Place = {
  page: Page;
  /** What of the page: a session in most, a customer, a kind of setting. */
  session_id: string | null;
  /** And what of that. */
  part: string | null;
  /** What is asked of the page besides, as in an address after `?`. */
  asked: string;
};

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** The secret of a link by which somebody comes in for the first time: `#/invitation/<token>`. */
export const invitation = computed(() => /^#\/invitation\/([\w.-]+)$/.exec(hash.value)?.[1] ?? null);

/** Where the reader is: `#/inbox/<session>`, `#/records/<session>?q=words`, `#/settings/queues/<queue>`. */
export const place = computed<Place>(() => {
  const [path = "", asked = ""] = hash.value.split(/\?(.*)/s);
  const [, page, session_id, part] = path.split("/").map(decoded);
  return {
    page: PAGES.find((one) => one === page) ?? "inbox",
    session_id: session_id || null,
    part: part || null,
    asked,
  };
});

export function addressOf(
  page: Page,
  of: string | null = null,
  asked = "",
  part: string | null = null,
): string {
  const path = ["#", page, of, part]
    .filter((one) => one !== null)
    .map((one) => (one === "#" ? one : encodeURIComponent(one)));
  return asked ? `${path.join("/")}?${asked}` : path.join("/");
}

export function go(page: Page, of: string | null = null, part: string | null = null): void {
  location.hash = addressOf(page, of, "", part);
}

/** The same place, asked something else: no step for the browser's "back". */
export function ask(asked: string): void {
  const { page, session_id, part } = place.peek();
  history.replaceState(history.state, "", addressOf(page, session_id, asked, part));
  hash.value = location.hash;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
