import type { Accepted, Command, Event, Message, Refused, SendMessage } from "../proto/types.gen.ts";
import { type Answer, Conn, ConnectionLost, type LinkState } from "./conn.ts";
import { ulids } from "./ids.ts";
import { asMessage, type Draft, type Entry, type Opening, Outbox, type Said } from "./outbox.ts";
import type { KeptText, Platform, Timer } from "./platform.ts";
import type { Rest } from "./rest.ts";
import { Routes } from "./routes.ts";
import * as store from "./store.ts";
import type { Tabs } from "./tabs.ts";
import { SharedClock } from "./time.ts";

type Bare<Told> = Told extends Command ? Omit<Told, "client_id"> : never;
/** A command as a screen says it; its `client_id` is given here. */
export type Asked = Bare<Exclude<Command, { type: "hello" | "ping" | "catch_up" | "typing" | "mark" }>>;

/** The server said no. */
export class CommandRefused extends Error {
  readonly code: string;
  readonly detail: string;
  readonly retryAfterS: number | null;

  constructor(answer: Refused) {
    super(answer.detail);
    this.name = "CommandRefused";
    this.code = answer.code;
    this.detail = answer.detail;
    this.retryAfterS = answer.retry_after_s;
  }
}

export interface ClientOptions {
  side: store.Side;
  me: { id: string; name: string | null };
  rest: Rest;
  world: Platform;
  store: KeptText;
  /** Null: this page alone. */
  tabs: Tabs | null;
  name: string;
  version: string;
}

/** What tabs say to each other. */
type Word =
  | { t: "event"; event: Event }
  | { t: "link"; link: LinkState }
  | { t: "joined" }
  | { t: "state"; state: store.State; link: LinkState }
  | { t: "entry"; client_id: string; entry: Entry | null }
  | { t: "open"; session_id: string; after: number }
  | { t: "learned"; session: store.AnySession }
  | { t: "notify"; command: Command }
  | { t: "command"; command: Command & { client_id: string } }
  | { t: "answer"; client_id: string; answer: Answer | null };

const HEAL_AFTER_MS = 400;
const HEAL_AGAIN_MS = 2_000;
const READ_AFTER_MS = 150;
const MARK_AFTER_MS = 250;
const TYPING_EVERY_MS = 3_000;
const PAGE = 50;
const CATCH_UP_LIMIT = 200;

/**
 * One person's talks, as a screen needs them: state that heals itself, words that are not lost, commands.
 *
 * One tab holds the socket; the others hear from it and ask through it. Screens read `state`, `outbox.entries` and `link`
 * when `subscribe` calls.
 */
export class Client {
  readonly clock: SharedClock;
  readonly outbox: Outbox;
  readonly newId: () => string;
  readonly #options: ClientOptions;
  readonly #conn: Conn;
  readonly #routes: Routes;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: Event) => void>();
  readonly #healing = new Map<string, Timer | "asked">();
  readonly #reading = new Map<string, number>();
  readonly #marks = new Map<string, { delivered: number; read: number }>();
  readonly #typed = new Map<string, number>();
  readonly #asked = new Map<string, (answer: Answer | null) => void>();
  #state: store.State = store.EMPTY;
  #link: LinkState = "idle";
  #leading = false;
  #marking: Timer | undefined;
  #telling = false;
  #deaf: (() => void) | undefined;

  constructor(options: ClientOptions) {
    const { world, rest, side, me } = options;
    this.#options = options;
    this.clock = new SharedClock(world);
    this.newId = ulids(world);
    this.#routes = new Routes(rest, side, me.id);
    this.#conn = new Conn({
      rest,
      world,
      newId: this.newId,
      client: options.name,
      version: options.version,
      heads: () => store.knownHeads(this.#state),
      onEvent: (event) => this.#came(event),
      onState: (link) => this.#linked(link),
      poll: () => this.#poll(),
    });
    this.outbox = new Outbox({
      scope: `${side}:${me.id}`,
      store: options.store,
      world,
      newId: this.newId,
      send: (entry) => this.#execute(commandOf(entry)) as Promise<Accepted | Refused>,
      onAccepted: (entry, answer) => this.#stored(entry, answer),
      onChange: () => this.#tell(),
      onWrite: (client_id, entry) => this.#post({ t: "entry", client_id, entry }),
    });
  }

  get state(): store.State {
    return this.#state;
  }

  get link(): LinkState {
    return this.#link;
  }

  /** This tab holds the socket: what is to be done once for all tabs, it does. */
  get leading(): boolean {
    return this.#leading;
  }

  talk(session_id: string): store.Talk | undefined {
    return this.#state.talks.get(session_id);
  }

  /** Called after a change, once for all changes of one moment. Returns how to stop. */
  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  /** Every event in this tab, for sounds and announcements: not for state. */
  onEvent(heard: (event: Event) => void): () => void {
    this.#eventListeners.add(heard);
    return () => this.#eventListeners.delete(heard);
  }

  start(): void {
    const { tabs } = this.#options;
    if (!tabs) {
      this.#lead();
      return;
    }
    this.#deaf = tabs.listen((word) => this.#heard(word as Word));
    tabs.join(() => this.#lead());
    if (!this.#leading) this.#post({ t: "joined" });
  }

  stop(): void {
    this.outbox.pause();
    this.#conn.stop();
    this.#deaf?.();
    this.#options.tabs?.leave();
    this.#leading = false;
    for (const timer of this.#healing.values()) if (timer !== "asked") this.#options.world.cancel(timer);
    this.#healing.clear();
    this.#options.world.cancel(this.#marking);
  }

  /** Tries the socket at once: a "try again" button. */
  retry(): void {
    this.#conn.kick();
  }

  /** A session was read over REST. */
  learn(session: store.AnySession): void {
    this.#become(store.learn(this.#state, session));
    // The tab that heals must know how far the log goes.
    if (!this.#leading) this.#post({ t: "learned", session });
  }

  /** Shows a session's log: its newest page now, and from then on without holes. */
  open(session_id: string): void {
    const head = Math.max(this.talk(session_id)?.head ?? 0, this.talk(session_id)?.session?.head ?? 0);
    const after = Math.max(0, head - PAGE);
    this.#become(store.open(this.#state, session_id, after));
    this.#heal(session_id);
    this.#post({ t: "open", session_id, after });
  }

  /** The page before what is held. True when there may be more. */
  async older(session_id: string): Promise<boolean> {
    const floor = this.talk(session_id)?.floor ?? null;
    if (floor === null || floor === 0) return false;
    const page = await this.#routes.messages(session_id, { before: floor + 1 }, PAGE);
    const complete = page.length === 0 || page.some((message) => message.seq === 1);
    this.#become(store.prepend(this.#state, session_id, page, complete));
    return !complete;
  }

  /** Writes to a session. The words are safe when this returns. */
  say(session_id: string, text: string, more: Pick<Draft, "reply_to" | "note" | "said"> = {}): Entry {
    const talk = this.talk(session_id);
    const after = talk && talk.floor !== null ? talk.contiguous : null;
    this.typing(session_id, false);
    return this.outbox.say(session_id, { text, after, ...more });
  }

  /** A customer starts a session; what is said before it is accepted goes by `outbox.sayNext(entry.client_id, …)`. */
  startSession(opening: Opening, text = ""): Entry {
    return this.outbox.start(opening, text);
  }

  /** Carries out a command. Rejects with `CommandRefused`, or `ConnectionLost` when nobody knows. */
  async command(asked: Asked, client_id = this.newId()): Promise<Accepted> {
    const answer = await this.#execute({ ...asked, client_id } as Command & { client_id: string });
    if (answer.type === "refused") throw new CommandRefused(answer);
    return answer as Accepted;
  }

  /** Takes one's own message back. Rejects as `command` does. */
  async recall({ session_id, seq }: Pick<Message, "session_id" | "seq">): Promise<void> {
    const { seq: at, message_id, sent_at } = await this.command({ type: "recall_message", session_id, seq });
    const target = this.talk(session_id)?.messages.find((one) => one.seq === seq && !one.staff_seq);
    if (!target || at === null || !message_id || !sent_at) return;
    // The one who asked is told by the answer alone.
    const entry = { ...target, ...store.SAYS_NOTHING, client_id: null, answer_seq: null };
    const place = { kind: "recall", seq: at, message_id, sent_at, reply_to: seq } as const;
    this.#came({ type: "message.recalled", ...entry, ...place });
  }

  typing(session_id: string, on: boolean): void {
    const now = this.#options.world.now();
    const last = this.#typed.get(session_id);
    if (on ? last !== undefined && now - last < TYPING_EVERY_MS : last === undefined) return;
    if (on) this.#typed.set(session_id, now);
    else this.#typed.delete(session_id);
    const command: Command = { type: "typing", session_id, on };
    if (this.#leading) this.#conn.notify(command);
    else this.#post({ t: "notify", command });
  }

  /** What was delivered to this person, and read by them, up to and with this seq. */
  mark(session_id: string, seen: { delivered?: number; read?: number }): void {
    const known = this.talk(session_id)?.marks[this.#options.side] ?? { delivered: 0, read: 0 };
    const wanted = this.#marks.get(session_id) ?? known;
    const read = Math.max(wanted.read, seen.read ?? 0);
    const delivered = Math.max(wanted.delivered, seen.delivered ?? 0, read);
    if (read <= known.read && delivered <= known.delivered) return;
    this.#marks.set(session_id, { delivered, read });
    this.#marking ??= this.#options.world.after(MARK_AFTER_MS, () => {
      this.#marking = undefined;
      this.#sendMarks();
    });
  }

  #lead(): void {
    this.#leading = true;
    this.#conn.start();
  }

  #linked(link: LinkState): void {
    this.#link = link;
    this.#post({ t: "link", link });
    if (link === "online" || link === "polling") {
      this.outbox.resume();
      this.#sendMarks();
      this.#watchGaps();
    } else this.outbox.pause();
    this.#tell();
  }

  #came(event: Event): void {
    this.#post({ t: "event", event });
    this.#apply(event);
  }

  #apply(event: Event): void {
    if (event.type === "welcome") this.clock.set(event.now);
    this.#become(store.reduce(this.#state, event, this.#options.world.now()));
    this.#clear(event);
    if (event.type === "welcome") this.#readGone(event.sessions.map((session) => session.session_id));
    if (event.type === "pong") this.#readGone(Object.keys(event.heads));
    for (const heard of this.#eventListeners) heard(event);
  }

  /** What is in the log is no longer in the outbox, even where the answer was lost. */
  #clear(event: Event): void {
    const told =
      event.type === "message.sent"
        ? [event]
        : event.type === "caught_up"
          ? event.messages
          : event.type === "welcome"
            ? event.caught_up.flatMap((caught) => caught.messages)
            : [];
    for (const message of told) if (message.client_id) this.outbox.seen(message.client_id);
  }

  #become(state: store.State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#watchGaps();
    this.#readStale();
    this.#tell();
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      for (const changed of this.#listeners) changed();
    });
  }

  /** Shown at once where it will stand, so that nothing flickers between the outbox and the log. */
  #stored(entry: Entry, answer: Accepted): void {
    const session_id = entry.session_id ?? answer.session_id;
    if (!session_id) return;
    if (entry.opening) {
      this.#become(store.open(this.#state, session_id, 0));
      this.#post({ t: "open", session_id, after: 0 });
    }
    const { seq, message_id, sent_at } = answer;
    if (seq !== null && message_id && sent_at && (entry.text || entry.said)) {
      this.#came({
        type: "message.sent",
        ...this.#ownMessage(entry, session_id, { ...answer, seq, message_id, sent_at }),
      });
    } else if (entry.opening) this.#heal(session_id, entry.text ? 1 : 0);
  }

  #ownMessage(
    entry: Entry,
    session_id: string,
    at: Pick<Accepted, "staff_seq"> & Pick<Message, "seq" | "message_id" | "sent_at">,
  ): Message {
    const { side, me } = this.#options;
    const { seq, staff_seq, message_id, sent_at } = at;
    const message = asMessage(entry, { role: side, id: me.id, name: me.name });
    return { ...message, session_id, seq, staff_seq, message_id, sent_at };
  }

  async #execute(command: Command & { client_id: string }): Promise<Answer> {
    if (!this.#leading) return this.#askLeader(command);
    if (this.#conn.online) return this.#conn.request(command);
    if (this.#link === "polling") return this.#routes.command(command);
    throw new ConnectionLost();
  }

  #askLeader(command: Command & { client_id: string }): Promise<Answer> {
    const { world } = this.#options;
    return new Promise((resolve, reject) => {
      const done = (answer: Answer | null) => {
        world.cancel(timer);
        this.#asked.delete(command.client_id);
        if (answer) resolve(answer);
        else reject(new ConnectionLost());
      };
      const timer = world.after(HEAL_AGAIN_MS * 10, () => done(null));
      this.#asked.set(command.client_id, done);
      this.#post({ t: "command", command });
    });
  }

  #watchGaps(): void {
    if (!this.#leading) return;
    for (const { session_id } of store.gaps(this.#state)) this.#healIn(session_id, HEAL_AFTER_MS);
  }

  #healIn(session_id: string, ms: number): void {
    if (this.#healing.has(session_id)) return;
    const timer = this.#options.world.after(ms, () => {
      this.#healing.delete(session_id);
      this.#heal(session_id);
    });
    this.#healing.set(session_id, timer);
  }

  /** Asks for what is missing; at once. `least`: there must be this much, whatever is known. */
  async #heal(session_id: string, least = 0): Promise<void> {
    const talk = this.talk(session_id);
    if (!this.#leading || !talk || this.#healing.get(session_id) === "asked") return;
    const after = talk.gap ?? (least > talk.contiguous ? talk.contiguous : null);
    if (after === null) return;
    const due = this.#healing.get(session_id);
    if (due !== undefined && due !== "asked") this.#options.world.cancel(due);
    this.#healing.set(session_id, "asked");
    let healed = false;
    try {
      await this.#catchUp(session_id, after);
      healed = this.talk(session_id)?.gap !== after;
    } catch {
      // Without a way to the server `welcome` asks again, or the next poll.
    }
    this.#healing.delete(session_id);
    if (this.talk(session_id)?.gap == null) return;
    if (healed) this.#heal(session_id);
    else this.#healIn(session_id, HEAL_AGAIN_MS);
  }

  async #catchUp(session_id: string, after: number): Promise<void> {
    if (this.#conn.online) {
      const client_id = this.newId();
      await this.#conn.request({ type: "catch_up", client_id, session_id, after, limit: CATCH_UP_LIMIT });
      return;
    }
    if (this.#link !== "polling") throw new ConnectionLost();
    const messages = await this.#routes.messages(session_id, { after }, CATCH_UP_LIMIT);
    const head = Math.max(0, ...messages.map((message) => message.seq));
    this.#came({ type: "caught_up", client_id: null, session_id, messages, head, more: false });
  }

  async #poll(): Promise<void> {
    const live = await this.#routes.live();
    for (const session of live) this.learn(session);
    this.#readGone(live.map((session) => session.session_id));
    for (const talk of this.#state.talks.values()) {
      if (talk.floor !== null && !store.isOver(talk))
        await this.#catchUp(talk.session_id, talk.gap ?? talk.contiguous);
    }
  }

  /** An event told of a version: the whole of it is read, once a version. */
  #readStale(): void {
    for (const talk of this.#state.talks.values()) {
      if (!talk.stale || this.#reading.get(talk.session_id) === talk.version) continue;
      this.#reading.set(talk.session_id, talk.version);
      this.#options.world.after(READ_AFTER_MS, () => this.#read(talk.session_id, store.isOver(talk)));
    }
  }

  /** A customer's talk that the server counts as live no more ended while nobody heard it. */
  #readGone(live: readonly string[]): void {
    if (this.#options.side !== "customer") return;
    for (const talk of this.#state.talks.values()) {
      if (!store.isOver(talk) && !live.includes(talk.session_id)) void this.#read(talk.session_id, true);
    }
  }

  async #read(session_id: string, isPast: boolean): Promise<void> {
    const session = await this.#routes.session(session_id, isPast).catch(() => null);
    if (session) this.learn(session);
  }

  #sendMarks(): void {
    for (const [session_id, { delivered, read }] of this.#marks) {
      this.#execute({ type: "mark", client_id: this.newId(), session_id, delivered, read }).then(
        () => this.#marked(session_id, { delivered, read }),
        // It is still wanted: `welcome` sends it again.
        () => undefined,
      );
    }
  }

  #marked(session_id: string, mark: { delivered: number; read: number }): void {
    const wanted = this.#marks.get(session_id);
    if (wanted && wanted.delivered <= mark.delivered && wanted.read <= mark.read)
      this.#marks.delete(session_id);
    this.#came({ type: "mark.moved", session_id, by: this.#options.side, mark });
  }

  #post(word: Word): void {
    const isLeaders = word.t === "event" || word.t === "link" || word.t === "state" || word.t === "answer";
    if (isLeaders && !this.#leading) return;
    this.#options.tabs?.post(word);
  }

  #heard(word: Word): void {
    switch (word.t) {
      case "event":
        if (!this.#leading) this.#apply(word.event);
        break;
      case "link":
        if (!this.#leading) {
          this.#link = word.link;
          this.#tell();
        }
        break;
      case "joined":
        this.#post({ t: "state", state: this.#state, link: this.#link });
        break;
      case "state":
        if (!this.#leading) {
          this.#link = word.link;
          this.#become(store.join(this.#state, word.state));
        }
        break;
      case "entry":
        this.outbox.told(word.client_id, word.entry);
        break;
      case "open":
        this.#become(store.open(this.#state, word.session_id, word.after));
        this.#heal(word.session_id);
        break;
      case "learned":
        this.#become(store.learn(this.#state, word.session));
        break;
      case "notify":
        if (this.#leading) this.#conn.notify(word.command);
        break;
      case "command":
        if (this.#leading) this.#onBehalf(word.command);
        break;
      case "answer":
        this.#asked.get(word.client_id)?.(word.answer);
        break;
    }
  }

  #onBehalf(command: Command & { client_id: string }): void {
    const { client_id } = command;
    this.#execute(command).then(
      (answer) => this.#post({ t: "answer", client_id, answer }),
      () => this.#post({ t: "answer", client_id, answer: null }),
    );
  }
}

function commandOf(entry: Entry): Command & { client_id: string } {
  const { client_id, text, said, after, reply_to } = entry;
  if (entry.opening) return { type: "start_session", client_id, ...entry.opening, ...(text ? { text } : {}) };
  return {
    type: "send_message",
    client_id,
    session_id: entry.session_id ?? "",
    ...(text ? { text } : {}),
    ...(said ? carried(said) : {}),
    ...(after === null ? {} : { after }),
    ...(reply_to === null ? {} : { reply_to }),
    ...(entry.note ? { visibility: "staff" } : {}),
  };
}

function carried(
  said: Said,
): Pick<SendMessage, "kind" | "attachment_id" | "link" | "card" | "form" | "form_answer"> {
  return "attachment" in said ? { kind: said.kind, attachment_id: said.attachment.attachment_id } : said;
}
