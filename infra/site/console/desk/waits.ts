import type { Talk } from "../../core/store.ts";
import type { Message, Session } from "../../proto/types.gen.ts";

/** Whom a session waits for, and since when. */
export interface Wait {
  for: "us" | "customer";
  /** Milliseconds. */
  since: number;
  /** How soon an answer should come, in seconds. */
  target: number;
}

export interface Targets {
  answer_target_s: number;
  reply_target_s: number;
}

export type Level = "calm" | "soon" | "late";

const USUAL: Targets = { answer_target_s: 30, reply_target_s: 60 };
const SOON = 0.6;

/** Whose turn it is. The session says so as it was read; messages that came since move it. */
export function waitOf(talk: Talk, targets: Targets = USUAL): Wait | null {
  const session = talk.session as Session | null;
  if (!session || (session.state !== "queued" && session.state !== "active")) return null;
  const said = talk.messages.filter(isSpoken);
  const told = session.waits_for
    ? { for: session.waits_for, since: Date.parse(session.waits_since ?? session.created_at) }
    : null;
  const turn = turnOf(said) ?? told;
  if (!turn) return null;
  const sameTurn = told?.for === turn.for && startsRun(said);
  const answered = session.first_reply_at !== null || said.some(({ by }) => by.role === "agent");
  return {
    for: turn.for,
    since: sameTurn && told ? Math.min(told.since, turn.since) : turn.since,
    target: answered ? targets.reply_target_s : targets.answer_target_s,
  };
}

/** How much of the target is used; 1 and more is late. */
export function shareOf(wait: Wait, now: number): number {
  return Math.max(0, (now - wait.since) / 1000 / wait.target);
}

export function levelOf(share: number): Level {
  if (share >= 1) return "late";
  return share >= SOON ? "soon" : "calm";
}

export interface Waiting {
  id: string;
  wait: Wait | null;
}

/** Those who wait for us by the share of their target used, then those who wait for the customer, longest first. */
export function byUrgency(now: number): (one: Waiting, other: Waiting) => number {
  return (one, other) =>
    tier(one) - tier(other) ||
    weight(other, now) - weight(one, now) ||
    (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** Keeps the rows where they are while somebody points at them: what is gone leaves, what is new comes last. */
export function frozen(shown: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(wanted);
  const before = new Set(shown);
  return [...shown.filter((id) => there.has(id)), ...wanted.filter((id) => !before.has(id))];
}

function tier({ wait }: Waiting): number {
  if (wait?.for === "us") return 0;
  return wait ? 1 : 2;
}

function weight({ wait }: Waiting, now: number): number {
  if (!wait) return 0;
  return wait.for === "us" ? shareOf(wait, now) : now - wait.since;
}

function isSpoken(message: Message): boolean {
  return !message.staff_seq && message.by.role !== "system";
}

function turnOf(said: readonly Message[]): Pick<Wait, "for" | "since"> | null {
  const last = said.at(-1);
  if (!last) return null;
  const first = said[runStart(said)] ?? last;
  return { for: last.by.role === "customer" ? "us" : "customer", since: Date.parse(first.sent_at) };
}

/** The turn may have begun before what is held. */
function startsRun(said: readonly Message[]): boolean {
  return runStart(said) === 0;
}

function runStart(said: readonly Message[]): number {
  let at = said.length - 1;
  while (at > 0 && said[at - 1]?.by.role === said.at(-1)?.by.role) at -= 1;
  return Math.max(0, at);
}
