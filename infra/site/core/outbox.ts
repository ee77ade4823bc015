import type {
  Accepted,
  Attachment,
  By,
  Card,
  FileKind,
  Form,
  FormAnswer,
  Link,
  Message,
  Refused,
} from "../proto/types.gen.ts";
import type { KeptText, Timer, Timers } from "./platform.ts";

/** What is asked besides the words when a session starts. */
export interface Opening {
  category_id?: string | null;
  answers?: Readonly<Record<string, string | number | boolean>>;
  page?: string | null;
}

/** What is said besides words: a file that is stored already, an address, a card, a form or the answer to one. */
export type Said =
  | { kind: FileKind; attachment: Attachment }
  | { kind: "link"; link: Link }
  | { kind: "card"; card: Card }
  | { kind: "form"; form: Form }
  | { kind: "form_answer"; form_answer: FormAnswer };

export interface Entry {
  client_id: string;
  /** Order of writing within this browser. */
  order: number;
  /** Null while the session it belongs to has not been accepted; then `follows` or `opening` says which. */
  session_id: string | null;
  /** This entry starts the session. */
  opening: Opening | null;
  /** The `client_id` of the entry that starts the session this one goes to. */
  follows: string | null;
  text: string;
  /** Null where it is words alone. */
  said: Said | null;
  /** The highest contiguous seq known when it was first composed: the same on every resend. */
  after: number | null;
  reply_to: number | null;
  note: boolean;
  at: number;
  state: "pending" | "refused";
  code: string | null;
}

export interface Draft {
  text: string;
  after: number | null;
  reply_to?: number | null;
  note?: boolean;
  said?: Said | null;
}

export interface OutboxOptions {
  /** Whose it is: another person in the same browser must not send it. */
  scope: string;
  store: KeptText;
  world: Timers & { random(): number };
  newId(): string;
  /** Rejects when there was no answer. Never called twice at once for one session. */
  send(entry: Entry): Promise<Accepted | Refused>;
  onAccepted(entry: Entry, answer: Accepted): void;
  onChange(): void;
  /** For the other tabs: this entry now stands so, or is gone. */
  onWrite?(client_id: string, entry: Entry | null): void;
}

/** As it stands in the log once it is there; where that is, nobody knows yet. */
export function asMessage(entry: Entry, by: By): Message {
  const { said, text, reply_to, client_id } = entry;
  return {
    session_id: entry.session_id ?? "",
    seq: 0,
    staff_seq: null,
    message_id: client_id,
    client_id,
    kind: entry.note ? "note" : (said?.kind ?? "text"),
    by,
    text: text || null,
    system: null,
    attachment: said && "attachment" in said ? said.attachment : null,
    link: said?.kind === "link" ? said.link : null,
    card: said?.kind === "card" ? said.card : null,
    form: said?.kind === "form" ? said.form : null,
    form_answer: said?.kind === "form_answer" ? said.form_answer : null,
    answer_seq: null,
    recalled_at: null,
    reply_to,
    sent_at: new Date(entry.at).toISOString(),
  };
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * What was written and is not known to be stored.
 *
 * An entry is in the store before `add` returns, one key each, so that tabs don't overwrite each other's. One entry per
 * session is on its way at a time; without an answer it goes again as it was, which the server takes for the same one.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #prefix: string;
  readonly #busy = new Set<string>();
  readonly #waits = new Map<string, { until: number; timer: Timer; length: number }>();
  #entries: Entry[] = [];
  #sending = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#prefix = `${options.scope}:out:`;
    this.reload();
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Those of one session, or of the session that the entry `start` opens. */
  of(target: { session_id: string } | { start: string }): Entry[] {
    return this.#entries.filter((entry) =>
      "session_id" in target
        ? entry.session_id === target.session_id
        : entry.client_id === target.start || entry.follows === target.start,
    );
  }

  /** Reads again what the store holds: another tab may have written. */
  reload(): void {
    const { store } = this.#options;
    this.#entries = store
      .keys(this.#prefix)
      .map((key) => parsed(store.get(key)))
      .filter((entry) => entry !== null)
      .sort(byOrder);
    this.#pump();
  }

  say(session_id: string, draft: Draft): Entry {
    return this.#add({ ...draft, session_id, opening: null, follows: null });
  }

  start(opening: Opening, text: string): Entry {
    return this.#add({ text, after: 0, session_id: null, opening, follows: null });
  }

  /** Words for a session that the entry `start` opens, written before it was accepted. */
  sayNext(start: string, text: string): Entry {
    return this.#add({ text, after: 0, session_id: null, opening: null, follows: start });
  }

  /** The person asks to try again. A new id only where the old one is another message's. */
  retry(client_id: string): void {
    const entry = this.#find(client_id);
    if (entry?.state !== "refused") return;
    const again: Entry = { ...entry, state: "pending", code: null };
    if (entry.code === "client_id_reused") {
      again.client_id = this.#options.newId();
      this.#rename(entry.client_id, again.client_id);
      this.#drop(entry.client_id);
    }
    this.#put(again);
    this.#changed();
  }

  /** Gives the words back. Only what was refused: of the rest nobody knows whether it is stored already. */
  discard(client_id: string): string | null {
    const entry = this.#find(client_id);
    if (entry?.state !== "refused") return null;
    this.#drop(client_id);
    if (entry.opening) this.#inherit(client_id, entry.opening);
    this.#changed();
    return entry.text;
  }

  /** It was seen in the log, so it is stored, whatever became of its answer. */
  seen(client_id: string): void {
    const entry = this.#find(client_id);
    if (!entry || entry.opening) return;
    this.#drop(client_id);
    this.#changed();
  }

  /** Another tab wrote. Its store may show it here only later, so it is told besides. */
  told(client_id: string, entry: Entry | null): void {
    if (entry) this.#place(entry);
    else this.#entries = this.#entries.filter((held) => held.client_id !== client_id);
    this.#changed();
  }

  /** There is a way to the server. */
  resume(): void {
    this.#sending = true;
    for (const lane of [...this.#waits.keys()]) this.#forgetWait(lane);
    this.reload();
  }

  /** There is none, or another tab sends. */
  pause(): void {
    this.#sending = false;
    for (const lane of [...this.#waits.keys()]) this.#forgetWait(lane);
  }

  /** Signing out: nothing of this person's stays in the browser. */
  clear(): void {
    for (const entry of this.#entries) this.#drop(entry.client_id);
    this.#options.onChange();
  }

  #add(told: Draft & Pick<Entry, "session_id" | "opening" | "follows">): Entry {
    const { newId, world } = this.#options;
    const entry: Entry = {
      client_id: newId(),
      order: (this.#entries.at(-1)?.order ?? 0) + 1,
      session_id: told.session_id,
      opening: told.opening,
      follows: told.follows,
      text: told.text,
      said: told.said ?? null,
      after: told.after,
      reply_to: told.reply_to ?? null,
      note: told.note ?? false,
      at: world.now(),
      state: "pending",
      code: null,
    };
    this.#put(entry);
    this.#changed();
    return entry;
  }

  #changed(): void {
    this.#options.onChange();
    this.#pump();
  }

  #pump(): void {
    if (!this.#sending) return;
    const lanes = new Set<string>();
    let earlier = false;
    for (const entry of this.#entries) {
      const lane = laneOf(entry);
      if (entry.state === "refused" || lanes.has(lane)) continue;
      lanes.add(lane);
      const waitsForItsStart = entry.session_id === null && entry.opening === null;
      // A start may make the session before go on, where what was written earlier would come too late.
      const waitsForTheOthers = entry.opening !== null && earlier;
      earlier = true;
      if (!waitsForItsStart && !waitsForTheOthers && !this.#busy.has(lane) && !this.#waiting(lane))
        void this.#send(lane, entry);
    }
  }

  async #send(lane: string, entry: Entry): Promise<void> {
    this.#busy.add(lane);
    let answer: Accepted | Refused | null = null;
    try {
      answer = await this.#options.send(entry);
    } catch {
      // No answer. The same entry goes again: it is stored once however often it is sent.
    }
    this.#busy.delete(lane);
    if (!answer) this.#wait(lane, this.#longer(lane));
    else if (answer.type === "accepted") this.#accepted(entry, answer);
    else if (answer.retry_after_s !== null)
      this.#wait(lane, Math.max(answer.retry_after_s * 1000, FIRST_WAIT_MS));
    else this.#refused(entry, answer);
    this.#pump();
  }

  #accepted(entry: Entry, answer: Accepted): void {
    this.#forgetWait(laneOf(entry));
    if (entry.opening && answer.session_id) {
      for (const next of this.#entries.filter((other) => other.follows === entry.client_id)) {
        this.#put({ ...next, session_id: answer.session_id, follows: null });
      }
    }
    this.#drop(entry.client_id);
    this.#options.onAccepted(entry, answer);
    this.#options.onChange();
  }

  #refused(entry: Entry, answer: Refused): void {
    // Seen in the log meanwhile: then it is stored, and the refusal is that of a late resend.
    if (!this.#find(entry.client_id)) return;
    this.#put({ ...entry, state: "refused", code: answer.code });
    this.#options.onChange();
  }

  #waiting(lane: string): boolean {
    return (this.#waits.get(lane)?.until ?? 0) > this.#options.world.now();
  }

  #longer(lane: string): number {
    const before = this.#waits.get(lane)?.length;
    return before === undefined ? FIRST_WAIT_MS : Math.min(before * 2, LONGEST_WAIT_MS);
  }

  #wait(lane: string, length: number): void {
    this.#forgetWait(lane);
    if (!this.#sending) return;
    const { world } = this.#options;
    const jittered = length * (1 + world.random() / 4);
    const timer = world.after(jittered, () => {
      // What was waited stays known, so that the next wait is longer.
      this.#waits.set(lane, { until: 0, timer, length });
      this.#pump();
    });
    this.#waits.set(lane, { until: world.now() + jittered, timer, length });
  }

  #forgetWait(lane: string): void {
    this.#options.world.cancel(this.#waits.get(lane)?.timer);
    this.#waits.delete(lane);
  }

  #find(client_id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.client_id === client_id);
  }

  /** What waited for a start that was given up: the first of it starts the session instead. */
  #inherit(start: string, opening: Opening): void {
    const heir = this.#entries.find((entry) => entry.follows === start);
    if (!heir) return;
    this.#put({ ...heir, opening, follows: null });
    this.#rename(start, heir.client_id);
  }

  #rename(start: string, to: string): void {
    for (const next of this.#entries.filter((entry) => entry.follows === start)) {
      this.#put({ ...next, follows: to });
    }
  }

  #put(entry: Entry): void {
    this.#options.store.set(this.#prefix + entry.client_id, JSON.stringify(entry));
    this.#place(entry);
    this.#options.onWrite?.(entry.client_id, entry);
  }

  #place(entry: Entry): void {
    const others = this.#entries.filter((held) => held.client_id !== entry.client_id);
    this.#entries = [...others, entry].sort(byOrder);
  }

  #drop(client_id: string): void {
    this.#options.store.set(this.#prefix + client_id, null);
    this.#entries = this.#entries.filter((entry) => entry.client_id !== client_id);
    this.#options.onWrite?.(client_id, null);
  }
}

function byOrder(one: Entry, other: Entry): number {
  return one.order - other.order || (one.client_id < other.client_id ? -1 : 1);
}

function laneOf(entry: Entry): string {
  return entry.session_id ?? entry.follows ?? entry.client_id;
}

function parsed(text: string | null): Entry | null {
  try {
    return text === null ? null : (JSON.parse(text) as Entry);
  } catch {
    return null;
  }
}
