import type { NewFiling, SchemeField, Session } from "../../proto/types.gen.ts";
import type { Desk } from "../desk/desk.ts";
import { kept } from "../settings.ts";
import { answersTo, type FieldValues } from "./fields.ts";

export type Resolved = "yes" | "partly" | "no";

/** What is chosen and written, before it is filed; it is kept like a draft. */
export interface Sheet {
  option_id: string | null;
  note: string;
  resolved: Resolved | null;
  /** By option, what it asked besides. */
  fields: Readonly<Record<string, FieldValues>>;
  /** What it was about besides, at most two. */
  others: readonly string[];
}

const MOST_OTHERS = 2;

/** With one more beside the first, or one less. */
export function besides(sheet: Sheet, option_id: string): Sheet {
  const { others } = sheet;
  if (option_id === sheet.option_id) return sheet;
  if (others.includes(option_id)) return { ...sheet, others: others.filter((one) => one !== option_id) };
  return others.length < MOST_OTHERS ? { ...sheet, others: [...others, option_id] } : sheet;
}

const EMPTY: Sheet = { option_id: null, note: "", resolved: null, fields: {}, others: [] };
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
  const { option_id, note, resolved, fields, others } = disposition;
  return {
    option_id,
    note,
    resolved,
    fields: Object.fromEntries([
      [option_id, fields],
      ...others.map((other) => [other.option_id, other.fields] as const),
    ]),
    others: others.map((other) => other.option_id),
  };
}

export function keepSheet(desk: Desk, session_id: string, sheet: Sheet): void {
  desk.drafts.set(session_id, "filing", JSON.stringify(sheet));
}

type AskedBy = (option_id: string) => readonly SchemeField[];

export async function file(
  desk: Desk,
  session_id: string,
  sheet: Sheet,
  { asked, end }: { asked: AskedBy; end: boolean },
): Promise<void> {
  const { option_id, note, resolved } = sheet;
  if (option_id === null) return;
  const fieldsOf = (of: string) => answersTo(asked(of), sheet.fields[of] ?? {});
  const filing: NewFiling = {
    option_id,
    note: note.trim(),
    resolved,
    fields: fieldsOf(option_id),
    others: sheet.others.map((other) => ({ option_id: other, fields: fieldsOf(other) })),
    end,
  };
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
