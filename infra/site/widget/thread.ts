import type { State, Talk } from "../core/store.ts";
import type { CustomerSession, Message } from "../proto/types.gen.ts";

/** A session of the endless scroll with what is held of it, oldest first. */
export interface Section {
  session_id: string;
  session: CustomerSession | null;
  messages: readonly Message[];
  /** There are earlier ones. */
  more: boolean;
}

export type Row =
  | { type: "day"; key: string; at: string }
  | { type: "line"; key: string; message: Message }
  | { type: "bubble"; key: string; message: Message; own: boolean; first: boolean; last: boolean };

/** Words of one person within this time stand together. */
const TOGETHER_MS = 180_000;

/** What was read of the past, with what is going on now; each session once, oldest first. */
export function sectionsOf(state: State, past: readonly Section[]): Section[] {
  const now = [...state.talks.values()].filter((talk) => talk.floor !== null).map(sectionOf);
  const shown = new Set(now.map((section) => section.session_id));
  const all = [...past.filter((section) => !shown.has(section.session_id)), ...now];
  return all.sort((one, other) => begun(one) - begun(other));
}

function sectionOf(talk: Talk): Section {
  const session = talk.session as CustomerSession | null;
  return { session_id: talk.session_id, session, messages: talk.messages, more: (talk.floor ?? 0) > 0 };
}

/** One that is not read whole yet has only just begun. */
function begun(section: Section): number {
  const at = section.session?.created_at ?? section.messages[0]?.sent_at;
  return at ? Date.parse(at) : Number.POSITIVE_INFINITY;
}

/** Lines and bubbles, with a line for each day but the first, which the session's own header names. */
export function rowsOf(messages: readonly Message[]): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  const said = messages.filter(({ kind }) => kind !== "recall");
  for (const [at, message] of said.entries()) {
    if (before && !sameDay(before.sent_at, message.sent_at)) {
      rows.push({ type: "day", key: `day ${message.sent_at}`, at: message.sent_at });
    }
    const key = message.message_id;
    if (message.kind === "system") rows.push({ type: "line", key, message });
    else {
      const after = said[at + 1];
      const own = message.by.role === "customer";
      const first = !before || !together(before, message);
      const last = !after || !together(message, after);
      rows.push({ type: "bubble", key, message, own, first, last });
    }
    before = message;
  }
  return rows;
}

function sameDay(one: string | number, other: string | number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

function together(one: Message, other: Message): boolean {
  if (one.kind === "system" || other.kind === "system") return false;
  const samePerson = one.by.role === other.by.role && one.by.id === other.by.id;
  const near = Date.parse(other.sent_at) - Date.parse(one.sent_at) < TOGETHER_MS;
  return (
    (samePerson || one.by.role === "customer") &&
    one.by.role === other.by.role &&
    near &&
    sameDay(one.sent_at, other.sent_at)
  );
}
