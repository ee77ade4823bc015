import { signal } from "@preact/signals";
import type { BulkActs, BulkResults } from "../../proto/types.gen.ts";
import { toast } from "../../ui/notice.tsx";
import { rest } from "../account.ts";
import type { Desk } from "../desk/desk.ts";
import { refusedBy, t, whyNot } from "../words.ts";

/** Acts that a form asks more about, or asks once more. */
export type FormAct = "tag" | "priority" | "end" | "spam" | "block" | "requeue";

/** Those that one act is to be done with; in the order they were chosen. */
export const selected = signal<readonly string[]>([]);
/** Rows are there to be chosen, not to be opened. */
export const selecting = signal(false);

export function endSelecting(): void {
  selecting.value = false;
  selected.value = [];
}

/** With Shift: all from the one chosen last to this one, as they stand. */
export function select(id: string, order: readonly string[], through: boolean): void {
  const chosen = selected.peek();
  selecting.value = true;
  const [from, to] = [order.indexOf(chosen.at(-1) ?? ""), order.indexOf(id)];
  if (through && from >= 0 && to >= 0) {
    const between = order.slice(Math.min(from, to), Math.max(from, to) + 1).filter((one) => one !== id);
    selected.value = [...new Set([...chosen.filter((one) => one !== id), ...between, id])];
  } else if (chosen.includes(id)) selected.value = chosen.filter((one) => one !== id);
  else selected.value = [...chosen, id];
}

/** One act on all that are chosen. What could not be done stays chosen, and is said. */
export async function actOnMany(desk: Desk, act: Omit<BulkActs, "ids">): Promise<void> {
  const ids = [...selected.peek()];
  let items: BulkResults["items"];
  try {
    ({ items } = await rest.post<BulkResults>("/v1/sessions/bulk", { ids, ...act }));
  } catch (failure) {
    toast({ text: whyNot(failure), kind: "error" });
    return;
  }
  for (const { session } of items) if (session) desk.client.learn(session);
  const undone = items.filter(({ ok }) => !ok);
  selected.value = undone.map(({ id }) => id);
  if (undone.length === 0) {
    endSelecting();
    toast({ text: t("many_done", { n: items.length }) });
    return;
  }
  const reasons = [...new Set(undone.map(({ code }) => refusedBy(code)))].join(" ");
  toast({ text: `${t("many_undone", { n: undone.length, all: items.length })} ${reasons}`, kind: "warning" });
}
