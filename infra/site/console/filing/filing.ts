import type { NewFiling, Session } from "../../proto/types.gen.ts";
import type { Desk } from "../desk/desk.ts";
import { kept } from "../settings.ts";

export type Resolved = "yes" | "partly" | "no";

/** What is chosen and written, before it is filed; it is kept like a draft. */
export interface Sheet {
  option_id: string | null;
  note: string;
  resolved: Resolved | null;
}

const EMPTY: Sheet = { option_id: null, note: "", resolved: null };
const MOST_FAVOURITES = 3;

export function sheetOf(desk: Desk, session: Session): Sheet {
  const text = desk.drafts.get(session.session_id, "filing");
  try {
    if (text) return { ...EMPTY, ...(JSON.parse(text) as Partial<Sheet>) };
  } catch {
    // A draft of another shape is no loss worth a stop.
  }
  const { disposition } = session;
  if (!disposition) return EMPTY;
  return { option_id: disposition.option_id, note: disposition.note, resolved: disposition.resolved };
}

export function keepSheet(desk: Desk, session_id: string, sheet: Sheet): void {
  desk.drafts.set(session_id, "filing", JSON.stringify(sheet));
}

export async function file(desk: Desk, session_id: string, sheet: Sheet): Promise<void> {
  const { option_id, note, resolved } = sheet;
  if (option_id === null) return;
  const filing: NewFiling = { option_id, note: note.trim(), resolved };
  await desk.command({ type: "file_disposition", session_id, ...filing });
  desk.drafts.set(session_id, "filing", "");
  remember(desk, option_id);
  if (desk.lists.closed.peek()) void desk.lists.readClosed("start").catch(() => undefined);
}

/** What this agent filed last, in this browser. */
export function favourites(desk: Desk): string[] {
  return (kept.get(keyOf(desk)) ?? "").split("\n").filter(Boolean).slice(0, MOST_FAVOURITES);
}

function remember(desk: Desk, option_id: string): void {
  const others = favourites(desk).filter((one) => one !== option_id);
  kept.set(keyOf(desk), [option_id, ...others].slice(0, MOST_FAVOURITES).join("\n"));
}

function keyOf(desk: Desk): string {
  return `deskbell:filed:${desk.me.id}`;
}
