import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { type Asked, Client } from "../../core/client.ts";
import type { LinkState } from "../../core/conn.ts";
import { FileLinks } from "../../core/links.ts";
import type { Entry } from "../../core/outbox.ts";
import { EMPTY, heardUpTo, lastMessage, type State, type Talk, unread } from "../../core/store.ts";
import { Tabs } from "../../core/tabs.ts";
import type {
  Accepted,
  Agent,
  Event,
  Granted,
  Me,
  Message,
  Reminder,
  RoutingStatus,
  Session,
} from "../../proto/types.gen.ts";
import { Uploads } from "../../ui/attach/uploads.ts";
import { browserChannel, browserLocks } from "../../ui/browser.ts";
import type { ContentTools } from "../../ui/contents/tools.ts";
import { forgetTokens, rest, world } from "../account.ts";
import { kept } from "../settings.ts";
import { i18n, t } from "../words.ts";
import { Drafts } from "./drafts.ts";
import { Lists, type Tab } from "./lists.ts";
import { Names } from "./names.ts";
import { type Offered, offeredTo } from "./offers.ts";
import { byUrgency, type Wait, waitOf } from "./waits.ts";

export const VERSION = "0.1.0";
const QUEUE_EVERY_MS = 10_000;

/** A talk whose session was read whole. */
export type Held = Talk & { session: Session };

/** Everything an agent has on the desk, as signals that screens draw from. */
export class Desk {
  readonly me: Agent;
  readonly client: Client;
  readonly drafts: Drafts;
  readonly names = new Names(rest);
  readonly lists: Lists;
  readonly state = signal<State>(EMPTY);
  readonly link = signal<LinkState>("idle");
  readonly entries = signal<readonly Entry[]>([]);
  readonly status = signal<RoutingStatus>("offline");
  readonly breakReason = signal<string | null>(null);
  readonly capacity = signal(0);
  readonly #granted = signal<readonly Granted[]>([]);
  /** The second it is, by the server's clock. */
  readonly now = signal(Date.now());
  /** An instant of today: another one only when the day is. */
  readonly today = computed(() => new Date(this.now.value).setHours(12, 0, 0, 0));
  /** By session, what the next words there answer. */
  readonly quoting = signal<ReadonlyMap<string, Message>>(new Map());
  readonly tools: ContentTools;
  /** What this agent wanted to be reminded of. */
  readonly reminders = signal<readonly Reminder[]>([]);
  /** Counts up when a file on its way moved on. */
  readonly uploaded = signal(0);
  readonly #uploads = new Map<string, Uploads>();
  /** Assigned and not yet looked at. */
  readonly fresh = signal<ReadonlySet<string>>(new Set());
  /** Those that go on, then those set aside; `live` is both. */
  readonly mine: ReadonlySignal<readonly Held[]>;
  readonly onHold: ReadonlySignal<readonly Held[]>;
  readonly live: ReadonlySignal<readonly Held[]>;
  readonly wrapUps: ReadonlySignal<readonly Held[]>;
  readonly waiting: ReadonlySignal<readonly Held[]>;
  /** What is put to this agent to accept. */
  readonly offered: ReadonlySignal<readonly Offered[]>;
  /** Those in use on this desk. */
  readonly knownTags: ReadonlySignal<readonly string[]>;
  /** Messages to be answered: theirs, and those that are nobody's. */
  readonly left: ReadonlySignal<readonly Held[]>;
  /** Colleagues' talks, the most urgent first. */
  readonly team: ReadonlySignal<readonly Held[]>;
  readonly #undo: (() => void)[] = [];

  constructor(me: Agent) {
    this.me = me;
    this.capacity.value = me.capacity;
    const name = `agent:${me.id}`;
    this.client = new Client({
      side: "agent",
      me: { id: me.id, name: me.alias },
      rest,
      world,
      store: kept,
      tabs: new Tabs({ name, locks: browserLocks(), channel: browserChannel(name) }),
      name: "console",
      version: VERSION,
    });
    this.tools = {
      links: new FileLinks(rest, () => this.client.clock.now()),
      say: (key) => t(key),
      number: (value, options) => i18n.value.number(value, options),
    };
    this.drafts = new Drafts(kept, me.id);
    this.lists = new Lists(rest, this.client);
    const held = computed(() => [...this.state.value.talks.values()].filter(isHeld));
    const own = computed(() => held.value.filter(({ session }) => session.agent?.id === me.id));
    this.mine = computed(() => this.#sorted(own.value.filter(({ session }) => session.state === "active")));
    this.onHold = computed(() =>
      own.value.filter(({ session }) => session.state === "on_hold").sort(byHoldEnd),
    );
    this.left = computed(() =>
      (this.lists.left.value ?? [])
        .flatMap((id) => this.talk(id) ?? [])
        .filter(({ session }) => session.state === "left_message")
        .sort(byDue),
    );
    this.team = computed(() =>
      this.#sorted(
        (this.lists.team.value ?? [])
          .flatMap((id) => this.talk(id) ?? [])
          .filter(({ session }) => isLive(session) && session.agent !== null && !this.isMine(session)),
      ),
    );
    this.offered = computed(() =>
      offeredTo({ id: me.id, name: me.alias }, this.state.value.offers.values(), held.value, this.now.value),
    );
    this.knownTags = computed(() => [...new Set(held.value.flatMap(({ session }) => session.tags))].sort());
    this.live = computed(() => [...this.mine.value, ...this.onHold.value]);
    this.wrapUps = computed(() => own.value.filter(({ session }) => session.state === "wrap_up"));
    this.waiting = computed(() =>
      (this.lists.queue.value ?? [])
        .map((id) => this.state.value.talks.get(id))
        .filter((talk) => talk !== undefined)
        .filter(isHeld)
        .filter(({ session }) => session.state === "queued"),
    );
  }

  start(): void {
    const { client } = this;
    const follow = () => {
      this.state.value = client.state;
      this.link.value = client.link;
      this.entries.value = client.outbox.entries;
      if (client.link === "signed_out") forgetTokens();
    };
    follow();
    this.#undo.push(
      client.subscribe(follow),
      client.onEvent((event) => this.#heard(event)),
      client.clock.each((now) => {
        this.now.value = now;
      }),
      this.#followDigests(),
      this.#holdOpen(),
      this.#markDelivered(),
      this.#readQueueWhileSomebodyWaits(),
      this.#followOtherTabs(),
    );
    client.start();
    void this.#readAll();
  }

  stop(): void {
    this.client.stop();
    for (const undo of this.#undo.splice(0)) undo();
  }

  talk(session_id: string | null): Held | null {
    const talk = session_id === null ? undefined : this.state.value.talks.get(session_id);
    return talk && isHeld(talk) ? talk : null;
  }

  isMine(session: Session): boolean {
    return session.agent?.id === this.me.id;
  }

  /** Whether one may do it at all; to what, the server says. `others`: also to what is a colleague's. */
  can(permission: string, whose: "own" | "others" = "own"): boolean {
    return this.#granted.value.some(
      (one) => one.permission === permission && (whose === "own" || !/^(own|queue)$/.test(one.scope)),
    );
  }

  waitOf(talk: Held): Wait | null {
    return waitOf(talk, this.names.queues.value.get(talk.session.queue_id));
  }

  unread(talk: Held): number {
    return this.isMine(talk.session) && talk.session.state === "active" ? unread(talk, "agent") : 0;
  }

  pending(session_id: string): readonly Entry[] {
    return this.entries.value.filter((entry) => entry.session_id === session_id);
  }

  async command(asked: Asked): Promise<Accepted> {
    return await this.client.command(asked);
  }

  async accept(session_id: string): Promise<void> {
    await this.command({ type: "accept_offer", session_id });
    await this.lists.readOne(session_id);
  }

  async setStatus(status: RoutingStatus, reason: string | null = null): Promise<void> {
    await this.command({ type: "set_routing_status", status, ...(reason ? { reason } : {}) });
    this.status.value = status;
    this.breakReason.value = status === "break" ? reason : null;
  }

  /** The session to look at next: who waits for us, then any that goes on, then what is to be filed. */
  next(after: string): string | null {
    const others = (talks: readonly Held[]) => talks.filter(({ session_id }) => session_id !== after);
    return (others(this.mine.value)[0] ?? others(this.wrapUps.value)[0])?.session_id ?? null;
  }

  /** The next words in this session answer this message; null: none. */
  quote(session_id: string, message: Message | null): void {
    const quoting = new Map(this.quoting.peek());
    if (message) quoting.set(session_id, message);
    else quoting.delete(session_id);
    this.quoting.value = quoting;
  }

  /** Files on their way into a session. */
  uploadsOf(session_id: string): Uploads {
    const held = this.#uploads.get(session_id);
    if (held) return held;
    const made = new Uploads({
      rest,
      session: async () => session_id,
      say: (_, attachment) => {
        const said = { kind: attachment.kind, attachment };
        const reply_to = this.quoting.peek().get(session_id)?.seq ?? null;
        this.client.say(session_id, "", { said, reply_to });
        this.quote(session_id, null);
      },
      onChange: () => {
        this.uploaded.value += 1;
      },
    });
    this.#uploads.set(session_id, made);
    return made;
  }

  looked(session_id: string): void {
    if (!this.fresh.peek().has(session_id)) return;
    const fresh = new Set(this.fresh.peek());
    fresh.delete(session_id);
    this.fresh.value = fresh;
  }

  /** Nothing of this person's stays in the browser. */
  forget(): void {
    this.drafts.clear();
    this.client.outbox.clear();
    for (const uploads of this.#uploads.values()) uploads.clear();
  }

  /** What was last said; of what the house did only the end says more than what the customer wants. */
  lastMessage(talk: Held): Message | null {
    const last = lastMessage(talk);
    return last && isMinor(last) ? (talk.messages.findLast((one) => !isMinor(one)) ?? last) : last;
  }

  #sorted(talks: readonly Held[]): readonly Held[] {
    const order = byUrgency(this.now.value);
    return talks
      .map((talk) => ({ id: talk.session_id, wait: this.waitOf(talk), talk }))
      .sort(order)
      .map(({ talk }) => talk);
  }

  #heard(event: Event): void {
    switch (event.type) {
      case "welcome":
        if (event.routing_status) this.status.value = event.routing_status;
        this.now.value = this.client.clock.now();
        // The socket answers once `welcome` has been dealt with.
        if (this.client.leading) world.after(0, () => this.#watch());
        void this.#readAll();
        break;
      case "agent.status_changed":
        if (event.agent_id === this.me.id) this.status.value = event.routing_status;
        break;
      case "list.changed":
        void this.lists.read("queue");
        if (this.lists.team.peek()) void this.lists.read("team");
        break;
    }
  }

  /** A watch ends with its socket. One that fails is made up for by the digests. */
  #watch(): void {
    this.command({ type: "watch", what: "list" }).catch(() => undefined);
  }

  /** What lies on the desk is held with its newest messages: looking at it takes no time, and what is unread is exact. */
  #holdOpen(): () => void {
    const asked = new Set<string>();
    return effect(() => {
      for (const { session_id } of [...this.live.value, ...this.wrapUps.value]) {
        if (asked.has(session_id)) continue;
        asked.add(session_id);
        this.client.open(session_id);
      }
    });
  }

  /** What customers say is delivered once it lies on the desk, looked at or not. */
  #markDelivered(): () => void {
    return effect(() => {
      for (const talk of this.live.value) {
        const delivered = heardUpTo(talk, "agent");
        if (delivered > 0 && this.client.leading) this.client.mark(talk.session_id, { delivered });
      }
    });
  }

  async #readAll(): Promise<void> {
    await Promise.allSettled([
      this.names.read(),
      this.lists.read("mine"),
      this.lists.read("wrap_up"),
      this.lists.read("queue"),
      this.lists.read("left"),
      rest.get<Me>("/v1/me").then(({ agent, permissions }) => {
        this.#granted.value = permissions;
        this.capacity.value = agent.capacity;
        this.status.value = agent.routing_status;
        this.breakReason.value = agent.break_reason;
      }),
    ]);
  }

  #followDigests(): () => void {
    let known = this.state.peek().lists;
    return effect(() => {
      const told = this.state.value.lists;
      for (const tab of ["mine", "wrap_up", "queue", "left"] satisfies Tab[]) {
        if (told[tab] !== known[tab]) void this.lists.read(tab);
      }
      known = told;
    });
  }

  /** What is said while waiting is pushed to nobody: it is read. */
  #readQueueWhileSomebodyWaits(): () => void {
    const timer = setInterval(() => {
      const online = this.link.peek() === "online" || this.link.peek() === "polling";
      const wanted = this.waiting.peek().length > 0 || this.link.peek() === "polling";
      if (online && wanted && world.visible()) void this.lists.read("queue");
      if (online && this.lists.team.peek() && world.visible()) void this.lists.read("team");
    }, QUEUE_EVERY_MS);
    return () => clearInterval(timer);
  }

  #followOtherTabs(): () => void {
    const heard = (event: StorageEvent) => this.drafts.heard(event.key);
    addEventListener("storage", heard);
    return () => removeEventListener("storage", heard);
  }
}

export function isLive(session: Session): boolean {
  return session.state === "active" || session.state === "on_hold";
}

function isMinor({ system }: Message): boolean {
  return system !== null && !system.code.startsWith("ended");
}

function byDue(one: Held, other: Held): number {
  const [a, b] = [one.session.due_at ?? "", other.session.due_at ?? ""];
  return a < b ? -1 : Number(a > b);
}

function byHoldEnd(one: Held, other: Held): number {
  const [a = "", b = ""] = [one.session.hold?.until, other.session.hold?.until];
  return a < b ? -1 : Number(a > b);
}

function isHeld(talk: Talk): talk is Held {
  return talk.session !== null && "customer" in talk.session;
}

/** Over, and what it was about is not recorded: the time for it may have passed. */
export function isToFile({ state, disposition }: Session): boolean {
  return state === "wrap_up" || (state === "closed" && disposition === null);
}
