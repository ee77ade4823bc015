import type { Message } from "../../proto/types.gen.ts";

export type Side = "theirs" | "ours" | "note" | "system";

/** Messages that one person said in one breath, on one side. */
export interface Group {
  key: string;
  side: Side;
  messages: readonly Message[];
}

export interface Day {
  key: string;
  at: string;
}

export type Line = { day: Day } | { group: Group };

const BREATH_MS = 3 * 60_000;

/** A log as it is drawn: days, and in them groups. `dayOf` gives one word per day in the reader's zone. */
export function linesOf(messages: readonly Message[], dayOf: (at: string) => string): Line[] {
  const lines: Line[] = [];
  let day = "";
  let last: Group | null = null;
  for (const message of messages) {
    if (message.kind === "recall") continue;
    const today = dayOf(message.sent_at);
    if (today !== day) {
      lines.push({ day: { key: `day:${today}`, at: message.sent_at } });
      day = today;
      last = null;
    }
    if (last && goesWith(last, message)) {
      const grown: Group = { ...last, messages: [...last.messages, message] };
      lines[lines.length - 1] = { group: grown };
      last = grown;
    } else {
      last = { key: message.message_id, side: sideOf(message), messages: [message] };
      lines.push({ group: last });
    }
  }
  return lines;
}

function sideOf(message: Message): Side {
  if (message.kind === "system") return "system";
  if (message.kind === "note") return "note";
  return message.by.role === "customer" ? "theirs" : "ours";
}

function goesWith(group: Group, message: Message): boolean {
  const before = group.messages.at(-1);
  return (
    before !== undefined &&
    group.side !== "system" &&
    group.side === sideOf(message) &&
    before.by.id === message.by.id &&
    Date.parse(message.sent_at) - Date.parse(before.sent_at) < BREATH_MS
  );
}
