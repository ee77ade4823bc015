import type {
  Accepted,
  AgentStatusChanged,
  BreakEnded,
  BreakStarted,
  By,
  CustomerSession,
  Event,
  From,
  Mark,
  Marks,
  Message,
  OfferMade,
  Pong,
  QueueMoved,
  RosterPublished,
  RoutingStatus,
  Session,
  SessionChanged,
  ShiftEnded,
  ShiftEnding,
  ShiftStarted,
  TypingSeen,
  Welcome,
} from "../proto/types.gen.ts";

export type AnySession = CustomerSession | Session;
export type Side = "customer" | "agent";

export interface TypingNow {
  readonly by: By;
  readonly until: number;
}

/** What is known of one session. */
export interface Talk {
  readonly session_id: string;
  /** Null until it was read whole. */
  readonly session: AnySession | null;
  /** An event told of a version that has not been read whole: what else changed can be read over REST. */
  readonly stale: boolean;
  /** The newest version told of, whole or not. */
  readonly version: number;
  /** Sorted by `[seq, staff_seq]`, each once. */
  readonly messages: readonly Message[];
  /** Nothing at or below it was asked for; null: the log was not opened, and holes in it do not matter. */
  readonly floor: number | null;
  /** The highest seq up to which, from `floor`, none is missing. */
  readonly contiguous: number;
  /** The highest seq known to exist. */
  readonly head: number;
  /** Staff lines known to stand after the message `head`. */
  readonly staffHead: number;
  /** From where to catch up, or null when nothing is known to be missing. */
  readonly gap: number | null;
  readonly marks: Marks;
  readonly typing: readonly TypingNow[];
  readonly queue: QueueMoved | null;
  /** The agent invited a rating while it goes on. */
  readonly ratingAsked: boolean;
}

export interface State {
  readonly talks: ReadonlyMap<string, Talk>;
  readonly routingStatus: RoutingStatus | null;
  /** What is offered to this agent now, by the offer's id. */
  readonly offers: ReadonlyMap<string, OfferMade>;
  /** By agent: for supervisors, and one's own. */
  readonly agents: ReadonlyMap<string, AgentStatusChanged>;
  /** A digest by tab: another one means that the list is to be read again. */
  readonly lists: Readonly<Record<string, string>>;
  /** Counts up with each `list.changed` by tab, and with news of `status`, `live` and `reminders`. */
  readonly listChanges: Readonly<Record<string, number>>;
  /** What the agent's roster told last: that a shift starts or ends, a break, or that it was published. */
  readonly roster: RosterTold | null;
}

export type RosterTold =
  | ShiftStarted
  | ShiftEnding
  | ShiftEnded
  | BreakStarted
  | BreakEnded
  | RosterPublished;

export const EMPTY: State = {
  talks: new Map(),
  routingStatus: null,
  offers: new Map(),
  agents: new Map(),
  lists: {},
  listChanges: {},
  roster: null,
};

const TYPING_MS = 6_000;
const OVER = new Set(["wrap_up", "closed", "left_message", "answered"]);

type Reducer<Told> = (state: State, event: Told, now: number) => State;
type Reducers = { readonly [Type in Event["type"]]: Reducer<Extract<Event, { type: Type }>> };

const unchanged = (state: State): State => state;

const rosterTold = (state: State, event: RosterTold): State =>
  same(state.roster, event) ? state : { ...state, roster: event };

const REDUCERS: Reducers = {
  accepted,
  refused: unchanged,
  welcome: welcomed,
  pong: ponged,
  caught_up: (state, event) => caughtUp(state, event.session_id, event.messages, event.head),
  "message.sent": (state, { type: _, ...message }) =>
    caughtUp(state, message.session_id, [message], message.seq),
  "message.recalled": (state, { type: _, ...message }) =>
    caughtUp(state, message.session_id, [message], message.seq),
  typing: typed,
  "mark.moved": (state, event) =>
    withTalk(state, event.session_id, (talk) => {
      const marks = { ...talk.marks, [event.by]: forward(talk.marks[event.by], event.mark) };
      return sameMarks(marks, talk.marks) ? talk : { ...talk, marks };
    }),
  "session.changed": sessionChanged,
  "queue.moved": (state, event) =>
    withTalk(state, event.session_id, (talk) => (same(talk.queue, event) ? talk : { ...talk, queue: event })),
  "idle.warned": (state, event) => known(state, event.session_id, { idle_ends_at: event.ends_at }),
  "wrap_up.started": (state, event) => known(state, event.session_id, { wrap_up_until: event.deadline }),
  "rating.asked": (state, { session_id, open_until }) =>
    withTalk(
      open_until ? known(state, session_id, { rating_open_until: open_until }) : state,
      session_id,
      (talk) => (talk.ratingAsked ? talk : { ...talk, ratingAsked: true }),
    ),
  "offer.made": (state, event) =>
    same(state.offers.get(event.offer_id), event)
      ? state
      : { ...state, offers: new Map(state.offers).set(event.offer_id, event) },
  "offer.withdrawn": (state, event) => {
    if (!state.offers.has(event.offer_id)) return state;
    const offers = new Map(state.offers);
    offers.delete(event.offer_id);
    return { ...state, offers };
  },
  // It closes the session, and is told as a change of it.
  "wrap_up.passed": unchanged,
  "agent.status_changed": (state, event) =>
    same(state.agents.get(event.agent_id), event)
      ? state
      : { ...state, agents: new Map(state.agents).set(event.agent_id, event) },
  // Its socket closes and opens anew.
  "permissions.changed": unchanged,
  "list.changed": (state, event) => ({
    ...state,
    listChanges: countedUp(state, event.tab),
  }),
  "shift.started": rosterTold,
  "shift.ending": rosterTold,
  "shift.ended": rosterTold,
  "break.started": rosterTold,
  "break.ended": rosterTold,
  "roster.published": rosterTold,
  "queue.status": (state) => ({ ...state, listChanges: countedUp(state, "status") }),
  "live.changed": (state) => ({ ...state, listChanges: countedUp(state, "live") }),
  // Said once, to whoever is there; lists and sessions tell the rest.
  "reply.prompted": unchanged,
  "reply.late": unchanged,
  "reminder.due": (state) => ({ ...state, listChanges: countedUp(state, "reminders") }),
};

function countedUp(state: State, what: string): Readonly<Record<string, number>> {
  return { ...state.listChanges, [what]: (state.listChanges[what] ?? 0) + 1 };
}

/** The state after an event. The very same state where the event told nothing new; unknown events tell nothing. */
export function reduce(state: State, event: Event, now: number): State {
  const reducer = REDUCERS[event.type] as Reducer<Event> | undefined;
  return reducer ? reducer(state, event, now) : state;
}

/** A session was read whole, over REST or in `welcome`. */
export function learn(state: State, session: AnySession): State {
  return withTalk(state, session.session_id, (talk) => {
    const marks = {
      customer: forward(talk.marks.customer, session.marks.customer),
      agent: forward(talk.marks.agent, session.marks.agent),
    };
    const newer = session.version >= talk.version;
    const head = Math.max(talk.head, session.head);
    if (!newer) return measured({ ...talk, session: talk.session ?? session, marks, head });
    const settled = { ...talk, session, marks, head, version: session.version, stale: false };
    return measured(OVER.has(session.state) ? { ...settled, typing: [], queue: null } : settled);
  });
}

/** The log is on a screen: from `after` on, holes matter. Opening an open log changes nothing. */
export function open(state: State, session_id: string, after: number): State {
  return withTalk(state, session_id, (talk) =>
    talk.floor === null ? measured({ ...talk, floor: after, contiguous: after }) : talk,
  );
}

/** A page of what stands before the floor, oldest first; `complete`: nothing stands before it. */
export function prepend(
  state: State,
  session_id: string,
  page: readonly Message[],
  complete: boolean,
): State {
  return withTalk(state, session_id, (talk) => {
    const floor = talk.floor ?? talk.head;
    const first = page.find((message) => !message.staff_seq)?.seq;
    const reached = complete ? 0 : Math.min(floor, first === undefined ? floor : first - 1);
    if (reached === talk.floor && page.length === 0) return talk;
    return measured({ ...merged(talk, page), floor: reached, contiguous: reached });
  });
}

/** What another tab knows, taken over. */
export function join(state: State, other: State): State {
  let next = state;
  for (const talk of other.talks.values()) {
    if (next.talks.has(talk.session_id)) {
      next = caughtUp(
        talk.session ? learn(next, talk.session) : next,
        talk.session_id,
        talk.messages,
        talk.head,
      );
    } else next = withTalk(next, talk.session_id, () => talk);
  }
  return { ...other, talks: next.talks };
}

/** What is known to be missing: ask what stands after each. */
export function gaps(state: State): From[] {
  const found: From[] = [];
  for (const talk of state.talks.values()) {
    if (talk.gap !== null) found.push({ session_id: talk.session_id, after: talk.gap });
  }
  return found;
}

/** Where the knowledge of each open log ends, those that still go on first: for `hello`. */
export function knownHeads(state: State): From[] {
  const opened = [...state.talks.values()].filter((talk) => talk.floor !== null);
  opened.sort((one, other) => Number(isOver(one)) - Number(isOver(other)));
  return opened.map((talk) => ({ session_id: talk.session_id, after: talk.gap ?? talk.contiguous }));
}

export function isOver(talk: Talk): boolean {
  return talk.session !== null && OVER.has(talk.session.state);
}

/** Who is typing at this moment. */
export function typingNow(talk: Talk, now: number): By[] {
  return talk.typing.filter((typing) => typing.until > now).map((typing) => typing.by);
}

/** What the other side said and this side has not read. A log that is not open is counted by the server. */
export function unread(talk: Talk, side: Side): number {
  if (talk.floor === null) return talk.session?.unread ?? 0;
  const read = talk.marks[side].read;
  let count = 0;
  for (let at = talk.messages.length - 1; at >= 0; at -= 1) {
    const message = talk.messages[at];
    if (!message || message.seq <= read) break;
    if (message.by.role === otherSide(side) && !message.staff_seq && message.kind !== "recall") count += 1;
  }
  return count;
}

/** The newest that the other side said: as far as there is anything to mark. */
export function heardUpTo(talk: Talk, side: Side): number {
  const heard = talk.messages.findLast(
    ({ seq, staff_seq, by }) => seq <= talk.contiguous && !staff_seq && by.role === otherSide(side),
  );
  return heard?.seq ?? 0;
}

/** When it ends unless the customer says something; null where they did, or were not asked yet. */
export function idleEndsAt(talk: Talk): string | null {
  if (talk.session?.state !== "active") return null;
  const last = talk.messages.findLast(
    ({ by, system }) =>
      by.role === "customer" || system?.code === "idle_warned" || system?.code === "still_here",
  );
  return !last || last.system?.code === "idle_warned" ? talk.session.idle_ends_at : null;
}

/** For a row in a list. */
export function lastMessage(talk: Talk): Message | null {
  const told = talk.session?.last_message ?? null;
  const held = talk.messages.at(-1) ?? null;
  if (!told || !held) return told ?? held;
  return position(held, told) >= 0 ? held : told;
}

function welcomed(state: State, event: Welcome): State {
  let next = event.sessions.reduce(learn, state);
  for (const caught of event.caught_up) {
    next = caughtUp(next, caught.session_id, caught.messages, caught.head);
  }
  const routingStatus = event.routing_status ?? next.routingStatus;
  return routingStatus === next.routingStatus ? next : { ...next, routingStatus };
}

/** One's own command tells what became of the session before any event does. */
function accepted(state: State, event: Accepted): State {
  const { session_id, version, status, state: now } = event;
  const next = status && status !== state.routingStatus ? { ...state, routingStatus: status } : state;
  if (!session_id || !version || !now) return next;
  return withTalk(next, session_id, (talk) => {
    if (!talk.session || version <= talk.version) return talk;
    return { ...talk, session: { ...talk.session, version, state: now }, version, stale: true };
  });
}

function ponged(state: State, event: Pong): State {
  let next = state;
  for (const [session_id, [head, staffHead]] of Object.entries(event.heads)) {
    next = withTalk(next, session_id, (talk) => {
      if (head < talk.head || (head === talk.head && staffHead <= talk.staffHead)) return talk;
      return measured({ ...talk, head, staffHead });
    });
  }
  return same(next.lists, event.lists) ? next : { ...next, lists: event.lists };
}

function caughtUp(state: State, session_id: string, messages: readonly Message[], head: number): State {
  return withTalk(state, session_id, (talk) => {
    const next = merged(talk, messages);
    if (next === talk && head <= talk.head) return talk;
    // A head passed by has no staff lines that count: those of the new one are not known.
    return measured({
      ...next,
      head: Math.max(talk.head, head),
      staffHead: head > talk.head ? 0 : talk.staffHead,
    });
  });
}

function typed(state: State, event: TypingSeen, now: number): State {
  return withTalk(state, event.session_id, (talk) => {
    const others = talk.typing.filter((typing) => !samePerson(typing.by, event.by) && typing.until > now);
    if (event.on) return { ...talk, typing: [...others, { by: event.by, until: now + TYPING_MS }] };
    return others.length === talk.typing.length ? talk : { ...talk, typing: others };
  });
}

function sessionChanged(state: State, event: SessionChanged): State {
  return withTalk(state, event.session_id, (talk) => {
    if (event.version <= talk.version) return talk;
    const { version, state: now, agent, close_reason, queue_id } = event;
    const told = { number: event.number, version, state: now, agent, close_reason };
    const queued = queue_id !== null && talk.session && "queue_id" in talk.session ? { queue_id } : {};
    const session = talk.session && { ...talk.session, ...told, ...queued };
    const quiet = now === "queued" ? {} : { queue: null };
    const next = { ...talk, session, version, stale: true, ...quiet };
    return OVER.has(now) ? { ...next, typing: [] } : next;
  });
}

/** Tells a session that was read whole one thing more. */
function known(state: State, session_id: string, told: Partial<Session>): State {
  return withTalk(state, session_id, (talk) => {
    const { session } = talk;
    return session && !same({ ...session, ...told }, session)
      ? { ...talk, session: { ...session, ...told } }
      : talk;
  });
}

function withTalk(state: State, session_id: string, change: (talk: Talk) => Talk): State {
  const before = state.talks.get(session_id);
  const talk = before ?? unknown(session_id);
  const after = change(talk);
  if (after === before) return state;
  return { ...state, talks: new Map(state.talks).set(session_id, after) };
}

function unknown(session_id: string): Talk {
  const nothing: Mark = { delivered: 0, read: 0 };
  return {
    session_id,
    session: null,
    stale: true,
    version: 0,
    messages: [],
    floor: null,
    contiguous: 0,
    head: 0,
    staffHead: 0,
    gap: null,
    marks: { customer: nothing, agent: nothing },
    typing: [],
    queue: null,
    ratingAsked: false,
  };
}

function merged(talk: Talk, told: readonly Message[]): Talk {
  let messages: Message[] | null = null;
  let typing = talk.typing;
  for (const message of told) {
    const held: readonly Message[] = messages ?? talk.messages;
    const at = placeOf(held, message);
    if (held[at] && position(held[at], message) === 0) continue;
    messages ??= [...talk.messages];
    messages.splice(at, 0, message);
    if (message.kind === "recall") takeBack(messages, message);
    if (message.kind === "form_answer") answered(messages, message);
    typing = typing.filter((someone) => !samePerson(someone.by, message.by));
  }
  return messages ? { ...talk, messages, typing } : talk;
}

/** What was taken back says nothing any more; its place stays. */
function takeBack(messages: Message[], { reply_to, sent_at }: Message): void {
  change(messages, reply_to, () => ({ ...SAYS_NOTHING, recalled_at: sent_at }));
}

/** A form has one answer. */
function answered(messages: Message[], { reply_to, seq }: Message): void {
  change(messages, reply_to, ({ answer_seq }) => ({ answer_seq: answer_seq ?? seq }));
}

/** What is left of a message that was taken back. */
export const SAYS_NOTHING = {
  text: null,
  attachment: null,
  link: null,
  card: null,
  form: null,
  form_answer: null,
} as const;

function change(
  messages: Message[],
  target: number | null,
  told: (message: Message) => Partial<Message>,
): void {
  const at = messages.findIndex(({ seq, staff_seq }) => seq === target && !staff_seq);
  const message = messages[at];
  if (message) messages[at] = { ...message, ...told(message) };
}

/** Counts again how far nothing is missing, and where it is. */
function measured(talk: Talk): Talk {
  if (talk.floor === null) return talk;
  let contiguous = talk.contiguous;
  for (let at = firstAfter(talk.messages, contiguous); at < talk.messages.length; at += 1) {
    const message = talk.messages[at];
    if (!message || message.staff_seq) continue;
    if (message.seq !== contiguous + 1) break;
    contiguous += 1;
  }
  const next = { ...talk, contiguous };
  return { ...next, gap: contiguous < talk.head ? contiguous : staffGap(next) };
}

/** Notes count from 1 after their message. The message before a missing one is where to ask from. */
function staffGap(talk: Talk): number | null {
  const floor = talk.floor ?? 0;
  let seq = -1;
  let count = 0;
  for (const message of talk.messages) {
    if (message.seq !== seq) {
      seq = message.seq;
      count = 0;
    }
    if (!message.staff_seq) continue;
    count += 1;
    if (seq > floor && message.staff_seq !== count) return seq - 1;
  }
  const atHead = seq === talk.head ? count : 0;
  return talk.staffHead > atHead && talk.head > floor ? talk.head - 1 : null;
}

function position(one: Message, other: Message): number {
  return one.seq - other.seq || (one.staff_seq ?? 0) - (other.staff_seq ?? 0);
}

/** Where it stands or would stand. From the end: what comes is mostly the newest. */
function placeOf(messages: readonly Message[], message: Message): number {
  let at = messages.length;
  for (let before = messages[at - 1]; before && position(before, message) >= 0; before = messages[at - 1])
    at -= 1;
  return at;
}

function firstAfter(messages: readonly Message[], seq: number): number {
  let at = messages.length;
  for (let before = messages[at - 1]; before && before.seq > seq; before = messages[at - 1]) at -= 1;
  return at;
}

function forward(one: Mark, other: Mark): Mark {
  const mark = { delivered: Math.max(one.delivered, other.delivered), read: Math.max(one.read, other.read) };
  return mark.delivered === one.delivered && mark.read === one.read ? one : mark;
}

function sameMarks(one: Marks, other: Marks): boolean {
  return one.customer === other.customer && one.agent === other.agent;
}

function samePerson(one: By, other: By): boolean {
  return one.role === other.role && one.id === other.id;
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function otherSide(side: Side): Side {
  return side === "agent" ? "customer" : "agent";
}
