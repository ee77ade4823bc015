import { computed, signal } from "@preact/signals";

export type Place = { page: "inbox" | "records"; session_id: string | null };

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** Where the reader is: `#/inbox/<session>`, `#/records/<session>`. */
export const place = computed<Place>(() => {
  const [, page, session_id] = hash.value.split("/");
  return {
    page: page === "records" ? "records" : "inbox",
    session_id: session_id ? decodeURIComponent(session_id) : null,
  };
});

export function addressOf(page: Place["page"], session_id: string | null = null): string {
  return session_id ? `#/${page}/${encodeURIComponent(session_id)}` : `#/${page}`;
}

export function go(page: Place["page"], session_id: string | null = null): void {
  location.hash = addressOf(page, session_id);
}
