import { computed, signal } from "@preact/signals";

export type Place = {
  page: "inbox" | "records";
  session_id: string | null;
  /** What is asked of the page besides, as in an address after `?`. */
  asked: string;
};

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** Where the reader is: `#/inbox/<session>`, `#/records/<session>?q=words`. */
export const place = computed<Place>(() => {
  const [path = "", asked = ""] = hash.value.split(/\?(.*)/s);
  const [, page, session_id] = path.split("/");
  return {
    page: page === "records" ? "records" : "inbox",
    session_id: session_id ? decodeURIComponent(session_id) : null,
    asked,
  };
});

export function addressOf(page: Place["page"], session_id: string | null = null, asked = ""): string {
  const path = session_id ? `#/${page}/${encodeURIComponent(session_id)}` : `#/${page}`;
  return asked ? `${path}?${asked}` : path;
}

export function go(page: Place["page"], session_id: string | null = null): void {
  location.hash = addressOf(page, session_id);
}

/** The same place, asked something else: no step for the browser's "back". */
export function ask(asked: string): void {
  const { page, session_id } = place.peek();
  history.replaceState(history.state, "", addressOf(page, session_id, asked));
  hash.value = location.hash;
}
