import { rest } from "../account.ts";
import { lang } from "../settings.ts";

export type Format = "text" | "json" | "html";

const ENDINGS = { text: "txt", json: "json", html: "html" } as const satisfies Record<Format, string>;
const TYPES = { text: "text/plain", json: "application/json", html: "text/html" } as const;
const KEPT_MS = 60_000;

/** A record as a document, in the reader's language and zone. */
async function read(session_id: string, format: Format, staff: boolean): Promise<Blob> {
  const time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const path = `/v1/sessions/${encodeURIComponent(session_id)}/transcript`;
  const text = await rest.text(path, { query: { format, staff, time_zone, lang: lang.peek() } });
  return new Blob([text], { type: `${TYPES[format]}; charset=utf-8` });
}

export async function download(
  session_id: string,
  number: string,
  format: Format,
  staff: boolean,
): Promise<void> {
  const address = URL.createObjectURL(await read(session_id, format, staff));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${number}.${ENDINGS[format]}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/**
 * Prints the record's own page from a frame in which no script runs; this page alone tells it to print.
 *
 * The frame inherits this page's policy: the document's one sheet is let in there by its hash.
 */
export async function printed(session_id: string, staff: boolean): Promise<void> {
  const address = URL.createObjectURL(await read(session_id, "html", staff));
  const frame = document.createElement("iframe");
  frame.sandbox.add("allow-same-origin", "allow-modals");
  frame.className = "db-hidden record-print";
  frame.tabIndex = -1;
  frame.ariaHidden = "true";
  frame.onload = () => frame.contentWindow?.print();
  frame.src = address;
  // Whether and when the person is done, not every browser says: it goes when the next one is printed.
  for (const before of document.querySelectorAll(".record-print")) before.remove();
  document.body.append(frame);
}
