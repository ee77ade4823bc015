import type { Message } from "../proto/types.gen.ts";

const RECALL_WITHIN_MS = 120_000;

/** Whether its sender can still take it back; a note stands among colleagues and stays. `now` by the server's clock. */
export function canBeRecalled(message: Message, now: number): boolean {
  const { kind, staff_seq, recalled_at, sent_at } = message;
  if (staff_seq || recalled_at || kind === "system" || kind === "recall") return false;
  return now <= Date.parse(sent_at) + RECALL_WITHIN_MS;
}
