import type { FunctionComponent } from "preact";
import { I18n, type Lang, pickLang } from "../core/i18n.ts";
import type { Opening } from "../core/outbox.ts";
import type { Platform } from "../core/platform.ts";
import type { PageSeen, ToPanel } from "../loader/port.ts";
import { widget as en } from "../locales/en.ts";
import { widget as zh } from "../locales/zh.ts";
import type { FormField } from "../proto/types.gen.ts";
import type { Conversation } from "./conversation.ts";
import { Door } from "./door.ts";
import { Draft, type Told } from "./draft.ts";
import type { Host } from "./host.ts";
import { Identity } from "./identity.ts";
import type { Speech } from "./wording.ts";

/** Where the customer stands. `choosing` what it is about, `writing` the first words, then the talk, and its end. */
export type Phase = "choosing" | "writing" | "talking" | "ended";

/** What a screen of the conversation draws from. */
export interface Given {
  visit: Visit;
  conversation: Conversation;
}

/** What the scroll holds on to: its topmost thing, the reader's own last words, and what they have not read. */
export interface Ends {
  first: string | undefined;
  mine: string | undefined;
  unread: number;
}

/** The part of the panel that talks: `talking.tsx`, which comes after the greeting stands. */
export interface Talking {
  Conversation: typeof Conversation;
  Announcer: FunctionComponent<Given>;
  AskEnd: FunctionComponent<Given & { onYes(): void; onNo(): void }>;
  Banner: FunctionComponent<Given>;
  Footer: FunctionComponent<Given>;
  Log: FunctionComponent<Given>;
  Older: FunctionComponent<Given & { box: { readonly current: HTMLElement | null } }>;
  RatingCard: FunctionComponent<Given>;
  Queue: FunctionComponent<Given & { onLeave(): void }>;
  UnsentList: FunctionComponent<Given>;
  endsOf(conversation: Conversation): Ends;
}

export interface VisitOptions {
  source: string;
  host: Host;
  world: Platform;
  /** The language that was asked for. */
  lang: string | null;
  load(): Promise<Talking>;
}

const SIGNED_OUT = "signed-out";
const LANG = "lang";
const LIVE = "live";
const LONGEST_PAGE = 2_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** A customer's time with the panel: who they are, what stands at the door, and from when on there is a conversation. */
export class Visit {
  readonly host: Host;
  readonly source: string;
  readonly door: Door;
  draft: Draft;
  speech: Speech;
  /** Whether the customer sees the panel. */
  isOpen: boolean;
  conversation: Conversation | null = null;
  screens: Talking | null = null;
  readonly #world: Platform;
  readonly #loadTalking: () => Promise<Talking>;
  readonly #identity: Identity;
  readonly #listeners = new Set<() => void>();
  #page: PageSeen | null;
  #attributes: Record<string, string>;
  #loading: Promise<void> | null = null;
  #arrives = false;

  constructor({ source, host, world, lang, load }: VisitOptions) {
    this.host = host;
    this.source = source;
    this.#world = world;
    this.#loadTalking = load;
    this.#page = host.init?.page ?? null;
    this.#attributes = host.init?.attributes ?? {};
    this.isOpen = host.init?.open ?? true;
    this.draft = new Draft(host.store);
    this.speech = speechIn(pickLang(host.store.get(LANG), lang));
    this.#identity = new Identity({
      source,
      store: host.store,
      locks: host.locks,
      world,
      onReplaced: () => this.#beginAnew(),
    });
    const { rest } = this.#identity;
    this.door = new Door({ source, rest, store: host.store, world, onChange: () => this.#tell() });
    host.listen((word) => this.#heard(word));
    host.channel?.listen((word) => this.#heardTab(word));
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  begin(): void {
    this.door.read(this.speech.lang);
    // Whoever has a talk going on is told of an answer while the panel is closed; of others nobody is asked.
    if (this.host.store.get(LIVE) !== null) this.arrive();
    else if (this.isOpen) this.#opened();
  }

  /** The customer does something that needs the server: from now on there is a connection. */
  arrive(): void {
    this.#arrives = true;
    this.conversation?.arrive();
    this.#load();
  }

  /** Whoever was here before is shown nothing until it is known what goes on with them. */
  get settled(): boolean {
    return !this.#arrives || !this.#identity.known || (this.conversation?.settled ?? false);
  }

  get hasPast(): boolean {
    return this.#identity.known && (this.conversation?.isLinked ?? false);
  }

  get phase(): Phase {
    if (this.conversation?.goesOn) return "talking";
    if (this.conversation?.hasEnded) return "ended";
    const chosen = this.draft.choice !== null && this.door.category(this.draft.choice);
    return chosen || this.door.config?.categories.length === 0 ? "writing" : "choosing";
  }

  /** What the chosen category asks before the talk, and was not answered yet. */
  get questions(): readonly FormField[] {
    return this.draft.answers === null ? (this.door.category(this.draft.choice)?.fields ?? []) : [];
  }

  choose(category_id: string | null): void {
    this.draft.choice = category_id;
    if (category_id !== null) this.arrive();
    this.#tell();
  }

  speak(lang: Lang): void {
    this.host.store.set(LANG, lang);
    this.speech = speechIn(lang);
    this.door.read(lang);
  }

  close(): void {
    this.host.tell({ t: "close" });
  }

  #opened(): void {
    if (this.#identity.known) this.arrive();
    // Once the greeting stands, the rest is fetched beforehand.
    else setTimeout(() => this.#load(), FIRST_WAIT_MS);
  }

  #load(wait = FIRST_WAIT_MS): void {
    this.#loading ??= this.#loadTalking().then(
      (screens) => this.#loaded(screens),
      () => {
        this.#loading = null;
        this.#world.after(wait, () => this.#load(Math.min(wait * 2, LONGEST_WAIT_MS)));
      },
    );
  }

  #loaded(screens: Talking): void {
    this.screens = screens;
    this.conversation = new screens.Conversation({
      source: this.source,
      host: this.host,
      rest: this.#identity.rest,
      world: this.#world,
      draft: () => this.draft,
      opening: () => this.#opening(),
      isOpen: () => this.isOpen,
      onChange: () => this.#tell(),
    });
    if (this.#arrives) this.conversation.arrive();
    this.#tell();
  }

  #tell(): void {
    for (const changed of [...this.#listeners]) changed();
  }

  #opening(): Opening {
    const category = this.door.category(this.draft.choice);
    const page = this.#page?.url.slice(0, LONGEST_PAGE);
    const asked = Object.entries(this.draft.answers ?? {});
    const attributes = Object.entries(this.#attributes)
      .slice(0, 20 - asked.length)
      .map(([key, value]) => [key, String(value).slice(0, 500)] as const);
    const answers = [...attributes, ...asked];
    return {
      ...(category ? { category_id: category.id } : {}),
      ...(page ? { page } : {}),
      ...(answers.length > 0 ? { answers: Object.fromEntries(answers) as Told } : {}),
    };
  }

  #heard(word: ToPanel): void {
    switch (word.t) {
      case "open":
        this.isOpen = word.on;
        if (word.on) this.#opened();
        this.#tell();
        break;
      case "page":
        this.#page = word.page;
        break;
      case "set":
        this.#attributes = word.attributes ?? {};
        break;
      case "draft":
        this.draft.add(word.text);
        break;
      case "sign-out":
        this.host.channel?.post({ t: SIGNED_OUT });
        this.#signOut();
        break;
    }
  }

  #heardTab(word: unknown): void {
    if ((word as { t?: string }).t === SIGNED_OUT) this.#signOut();
    // Another tab has a connection: then there is a customer, and this tab shows the same.
    else this.arrive();
  }

  #signOut(): void {
    this.#identity.signOut();
    this.#arrives = false;
    this.conversation?.forget();
    for (const key of this.host.store.keys("")) this.host.store.set(key, null);
    this.draft = new Draft(this.host.store);
    this.#tell();
  }

  /** The server knows this browser's customer no more: what they wrote is kept for the new one. */
  #beginAnew(): void {
    this.conversation?.replace();
    this.arrive();
  }
}

function speechIn(lang: Lang): Speech {
  return new I18n<typeof en>(lang, lang === "en" ? en : zh);
}
