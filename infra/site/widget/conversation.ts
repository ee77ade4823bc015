import { Client, CommandRefused } from "../core/client.ts";
import { FileLinks } from "../core/links.ts";
import type { Entry, Opening } from "../core/outbox.ts";
import type { Platform } from "../core/platform.ts";
import { ApiError, type Rest } from "../core/rest.ts";
import * as store from "../core/store.ts";
import { Tabs } from "../core/tabs.ts";
import type { Contact, CustomerSession, FormAnswer, Message, NewRating } from "../proto/types.gen.ts";
import { Uploads } from "../ui/attach/uploads.ts";
import type { Draft } from "./draft.ts";
import type { Host } from "./host.ts";
import { Past } from "./past.ts";
import { type Section, sectionsOf } from "./thread.ts";

/** How an answer reaches a customer who is not here, as typed. */
export interface Reached {
  email: string;
  phone: string;
}

export interface ConversationOptions {
  source: string;
  host: Host;
  rest: Rest;
  world: Platform;
  draft(): Draft;
  /** What goes with the first words. */
  opening(): Opening;
  isOpen(): boolean;
  onChange(): void;
}

/** Refusals that the same words survive only where a session is asked for: another, or this one opened again. */
const NEEDS_ANOTHER = new Set(["session_ended", "not_found", "unknown_category"]);
const VERSION = "0.1.0";
const LIVE = "live";
/** The last session that was rated, or that its customer would not rate. */
const RATED = "rated";

/** What this browser's customer and the shop say to each other: now, before, and not sent yet. */
export class Conversation {
  client!: Client;
  past!: Past;
  links!: FileLinks;
  /** Files on their way into the talk, which may begin with one. */
  readonly uploads: Uploads;
  /** What the next words answer. */
  quoting: Message | null = null;
  readonly #options: ConversationOptions;
  #asksAnew = false;
  #started = false;
  #rated: string | null = null;
  #told = { unread: 0, live: false };

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.uploads = new Uploads({
      rest: options.rest,
      session: () => this.#session(),
      say: (session_id, attachment) => {
        const said = { kind: attachment.kind, attachment };
        this.client.say(session_id, "", { said, reply_to: this.#quotedIn(session_id) });
        this.quote(null);
      },
      onChange: options.onChange,
    });
    this.#makeClient();
  }

  /** The customer does something that needs the server: from now on there is a connection. */
  arrive(): void {
    if (this.#started) return;
    this.#started = true;
    this.client.start();
  }

  /** False while it is not known yet what goes on. */
  get settled(): boolean {
    const { link } = this.client;
    return !this.#started || (link !== "idle" && link !== "connecting");
  }

  /** There may be a past to show. */
  get isLinked(): boolean {
    const { link } = this.client;
    return link === "online" || link === "polling";
  }

  /** The talk that goes on, or the one that ended on this screen. */
  get talk(): store.Talk | null {
    let newest: store.Talk | null = null;
    for (const talk of this.client.state.talks.values()) {
      if (!store.isOver(talk)) return talk;
      if ((talk.session?.created_at ?? "") >= (newest?.session?.created_at ?? "")) newest = talk;
    }
    return newest;
  }

  get live(): store.Talk | null {
    const { talk } = this;
    return talk && !store.isOver(talk) ? talk : null;
  }

  get goesOn(): boolean {
    return this.live !== null || this.#opening() !== null;
  }

  get hasEnded(): boolean {
    return !this.goesOn && this.talk !== null && !this.#asksAnew;
  }

  /** What was written and is not stored, as it is to be shown: below everything. */
  get unsent(): readonly Entry[] {
    return this.client.outbox.entries;
  }

  /** Every session that is held, oldest first. */
  get sections(): Section[] {
    return sectionsOf(this.client.state, this.past.sections);
  }

  /** The words are safe when this returns. */
  say(text: string): void {
    this.arrive();
    const { live } = this;
    const opening = this.#opening();
    if (live) this.client.say(live.session_id, text, { reply_to: this.#quotedIn(live.session_id) });
    else if (opening) this.client.outbox.sayNext(opening.client_id, text);
    else this.client.startSession(this.#options.opening(), text);
    this.#asksAnew = false;
    this.quote(null);
  }

  /** The next words answer this message; null: none. */
  quote(message: Message | null): void {
    this.quoting = message;
    this.#options.onChange();
  }

  /** Null when it was taken back, else why not, by its code. */
  async recall(message: Message): Promise<string | null> {
    return await refusalOf(this.client.recall(message));
  }

  answer({ session_id, seq }: Message, form_answer: FormAnswer): void {
    this.client.say(session_id, "", { reply_to: seq, said: { kind: "form_answer", form_answer } });
  }

  /** Tries again what was refused: where it stood, or by asking for a session where it can't be there. */
  retry(entry: Entry): void {
    if (entry.said || !NEEDS_ANOTHER.has(entry.code ?? "")) {
      this.client.outbox.retry(entry.client_id);
      return;
    }
    const text = this.client.outbox.discard(entry.client_id);
    if (!text) return;
    // It is about the same thing still.
    if (!this.live && entry.code !== "unknown_category")
      this.#options.draft().choice ??= this.talk?.session?.category_id ?? null;
    this.say(text);
  }

  /** Gives refused words back to the field. */
  edit(entry: Entry): void {
    const text = this.client.outbox.discard(entry.client_id);
    if (text) this.#options.draft().add(text);
    if (this.hasEnded) this.startAnew();
  }

  discard(entry: Entry): void {
    this.client.outbox.discard(entry.client_id);
  }

  startAnew(): void {
    this.#asksAnew = true;
    this.#options.onChange();
  }

  /** Ends the talk, or gives up the place in the queue. Null when done, else why not, by its code. */
  async end(): Promise<string | null> {
    const { live } = this;
    if (!live) return null;
    const { session_id } = live;
    const waits = live.session?.state === "queued";
    return await refusalOf(
      this.client.command(
        waits ? { type: "leave_queue", session_id, choice: "leave" } : { type: "end_session", session_id },
      ),
    );
  }

  /** What was said while waiting becomes a message, to be answered later. Null when done, else why not, by its code. */
  async leaveQueue(reached: Reached): Promise<string | null> {
    const { live } = this;
    if (!live) return null;
    const asked = {
      session_id: live.session_id,
      choice: "leave_message",
      contact: contactOf(reached),
    } as const;
    return await refusalOf(this.client.command({ type: "leave_queue", ...asked }));
  }

  /** A message while nobody can serve. Null when done, else why not, by its code. */
  async leave(text: string, reached: Reached): Promise<string | null> {
    const { category_id = null } = this.#options.opening();
    const body = { text, category_id, contact: contactOf(reached) };
    this.arrive();
    return await refusalOf(
      this.#options.rest
        .post<CustomerSession>("/v1/widget/left-messages", body, { idempotencyKey: this.client.newId() })
        .then((session) => this.client.learn(session)),
    );
  }

  /** Where it fails, the question stands still and can be answered again. */
  stillHere(): void {
    const { live } = this;
    if (live) this.client.command({ type: "still_here", session_id: live.session_id }).catch(() => undefined);
  }

  /** The newest session, where its customer may say how it was and has not been asked in vain. */
  get ratable(): string | null {
    const newest = this.sections.at(-1);
    const until = newest?.session?.rating_open_until;
    const invited = this.live?.ratingAsked && !this.live.session?.ended_at;
    const open = until ? Date.parse(until) > this.client.clock.now() : invited;
    const session_id = newest?.session_id ?? null;
    return open && this.#options.host.store.get(RATED) !== session_id ? session_id : null;
  }

  /** Thanks are said where the rating was given, as long as nothing new begins. */
  get hasRated(): boolean {
    return this.#rated !== null && this.sections.at(-1)?.session_id === this.#rated;
  }

  /** Null when it is kept, else why not, by its code. */
  async rate(session_id: string, rating: NewRating): Promise<string | null> {
    const refusal = await refusalOf(this.client.command({ type: "rate_session", session_id, ...rating }));
    if (refusal && refusal !== "already_rated") return refusal;
    this.#rated = session_id;
    this.skipRating(session_id);
    return null;
  }

  skipRating(session_id: string): void {
    this.#options.host.store.set(RATED, session_id);
    this.#options.onChange();
  }

  typing(on: boolean): void {
    const { live } = this;
    if (live?.session?.state === "active") this.client.typing(live.session_id, on);
  }

  /** The customer has the newest message before their eyes. */
  seen(): void {
    const { talk } = this;
    const read = talk && this.#options.isOpen() ? store.heardUpTo(talk, "customer") : 0;
    if (talk && read > 0) this.client.mark(talk.session_id, { read });
  }

  /** Signing out: nothing of this customer's stays. */
  forget(): void {
    this.client.outbox.clear();
    this.uploads.clear();
    this.#tellHostOf(0, false);
    this.replace();
  }

  /** For another customer: what is shown is theirs, what was not sent goes on waiting. */
  replace(): void {
    this.client.stop();
    this.#started = false;
    this.#asksAnew = false;
    this.#rated = null;
    this.quoting = null;
    this.#makeClient();
    this.#options.onChange();
  }

  /** Where a file goes: it needs a session that is there, unlike words, which wait for one. */
  async #session(): Promise<string> {
    this.arrive();
    const { live } = this;
    if (live) return live.session_id;
    const accepted = await this.client.command({ type: "start_session", ...this.#options.opening() });
    const session_id = accepted.session_id ?? "";
    this.client.open(session_id);
    this.#asksAnew = false;
    return session_id;
  }

  #quotedIn(session_id: string): number | null {
    return this.quoting?.session_id === session_id ? this.quoting.seq : null;
  }

  #makeClient(): void {
    const { host, source, rest, world } = this.#options;
    // The channel outlives a client that is replaced.
    const channel = host.channel && { ...host.channel, close: () => undefined };
    this.client = new Client({
      side: "customer",
      // Whoever it is, there is one in this browser: the words stay theirs even if the server knew them no more.
      me: { id: "me", name: null },
      rest,
      world,
      store: host.store,
      tabs: new Tabs({ name: source, locks: host.locks, channel }),
      name: `widget ${source}`.slice(0, 80),
      version: VERSION,
    });
    this.links = new FileLinks(rest, () => this.client.clock.now());
    this.past = new Past(rest, this.client, this.#options.onChange);
    this.client.subscribe(() => this.#changed());
  }

  #changed(): void {
    const { live } = this;
    if (live) {
      if (live.floor === null) this.client.open(live.session_id);
      this.#asksAnew = false;
      this.#options.draft().choice = null;
      const delivered = store.heardUpTo(live, "customer");
      if (delivered > 0) this.client.mark(live.session_id, { delivered });
    }
    this.#tellHost();
    this.#options.onChange();
  }

  /** The badge on the launcher, and whether the next page is to open the panel's connection by itself. */
  #tellHost(): void {
    if (!this.isLinked) return;
    const { talk } = this;
    const text = talk?.messages.at(-1)?.text?.slice(0, 120);
    this.#tellHostOf(
      talk ? store.unread(talk, "customer") : 0,
      this.live !== null || this.unsent.length > 0,
      text,
    );
  }

  #tellHostOf(unread: number, live: boolean, text?: string): void {
    const { host } = this.#options;
    const before = this.#told;
    this.#told = { unread, live };
    if (unread !== before.unread) host.tell({ t: "unread", count: unread, ...(text ? { text } : {}) });
    if (live === before.live) return;
    host.store.set(LIVE, live ? "1" : null);
    host.tell({ t: "live", on: live });
    host.tell({ t: "event", name: live ? "chat-started" : "chat-ended" });
  }

  #opening(): Entry | null {
    return this.unsent.find((entry) => entry.opening && entry.state === "pending") ?? null;
  }
}

function contactOf({ email, phone }: Reached): Contact {
  return { email: email.trim() || null, phone: phone.trim() || null };
}

/** Null when it was done, else why not, by its code. */
async function refusalOf(asked: Promise<unknown>): Promise<string | null> {
  try {
    await asked;
    return null;
  } catch (failure) {
    return failure instanceof CommandRefused || failure instanceof ApiError ? failure.code : "no_connection";
  }
}
