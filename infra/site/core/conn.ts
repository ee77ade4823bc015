import type {
  Accepted,
  CaughtUp,
  Command,
  Event,
  From,
  Pong,
  Refused,
  SocketTicket,
  Welcome,
} from "../proto/types.gen.ts";
import type { Platform, Socket, Timer } from "./platform.ts";
import { ApiError, type Rest } from "./rest.ts";

export type Answer = Accepted | Refused | CaughtUp | Pong | Welcome;

/**
 * `waiting`: there is no socket, another try is due. `polling`: the same, and REST stands in meanwhile. `signed_out` and
 * `reload` (this page is too old) are final until `start`.
 */
export type LinkState =
  | "idle"
  | "connecting"
  | "online"
  | "waiting"
  | "polling"
  | "signed_out"
  | "reload"
  | "stopped";

/** The socket went before the answer came: whether the server did it is not known. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

export interface ConnOptions {
  rest: Pick<Rest, "post">;
  world: Platform;
  newId(): string;
  client: string;
  version: string;
  /** Where the knowledge of each open log ends. */
  heads(): From[];
  /** Every frame that came, before its asker hears of it. */
  onEvent(event: Event): void;
  onState?(state: LinkState): void;
  /** Reads over REST what the socket would have told. */
  poll?(): Promise<void>;
}

export const TIMES = {
  /** From the socket's opening to `welcome`. */
  welcomeMs: 10_000,
  answerMs: 20_000,
  pongMs: 10_000,
  /** When the person comes back, nobody waits that long for a dead socket. */
  probeMs: 4_000,
  firstRetryMs: 500,
  longestRetryMs: 30_000,
  pollMs: 4_000,
  hiddenPollMs: 30_000,
  /** An old socket stays this long for the answers it owes. */
  retireMs: 10_000,
  failuresBeforePolling: 3,
  /** What `hello` may ask for. */
  headsInHello: 50,
};

const DEFAULT_WINDOW_S = 30;

export class Conn {
  readonly #options: ConnOptions;
  #state: LinkState = "idle";
  #link: Link | null = null;
  #dialling = false;
  #failures = 0;
  #retry: Timer | undefined;
  #renewal: Timer | undefined;
  #polling: Timer | undefined;
  #sleepless: (() => void) | undefined;
  #generation = 0;

  constructor(options: ConnOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  get online(): boolean {
    return this.#link !== null;
  }

  start(): void {
    if (this.#sleepless) return;
    this.#generation += 1;
    this.#failures = 0;
    this.#sleepless = this.#options.world.onWake(() => this.kick());
    this.#dial();
  }

  stop(): void {
    this.#halt("stopped");
  }

  /** The network changed or the person is back: try at once, or see whether the socket still lives. */
  kick(): void {
    if (this.#link) this.#link.probe(TIMES.probeMs);
    else if (this.#retry !== undefined) this.#dial();
  }

  /** Asks, and waits for the one answer. Rejects with `ConnectionLost` when it can't come any more. */
  request(command: Command & { client_id: string }): Promise<Answer> {
    return this.#link?.request(command, TIMES.answerMs) ?? Promise.reject(new ConnectionLost());
  }

  /** Says what may be lost. False when there was no socket. */
  notify(command: Command): boolean {
    return this.#link?.send(command) ?? false;
  }

  async #dial(): Promise<void> {
    if (this.#dialling || !this.#sleepless) return;
    const { world, rest } = this.#options;
    const generation = this.#generation;
    world.cancel(this.#retry);
    this.#retry = undefined;
    this.#dialling = true;
    if (!this.#link && this.#state !== "polling") this.#become("connecting");
    try {
      const ticket = await rest.post<SocketTicket>("/v1/socket-tickets", {});
      if (generation !== this.#generation) return;
      const link = await Link.open(ticket, this.#options);
      if (generation === this.#generation) this.#adopt(link);
      else link.close();
    } catch (failure) {
      if (generation === this.#generation) this.#failed(failure);
    } finally {
      if (generation === this.#generation) this.#dialling = false;
    }
  }

  /** Make before break: the old socket goes when the new one is welcome. */
  #adopt(link: Link): void {
    const old = this.#link;
    this.#link = link;
    this.#failures = 0;
    link.onLost = () => this.#lost(link);
    link.onDraining = (windowS) => this.#renewIn(this.#options.world.random() * windowS * 1000);
    const { renew_after_s } = link.terms;
    this.#renewIn(renew_after_s * 1000 * (1 - this.#options.world.random() * 0.15));
    this.#stopPolling();
    old?.retire(TIMES.retireMs);
    this.#become("online");
    if (link.dead) this.#lost(link);
  }

  #lost(link: Link): void {
    if (link !== this.#link) return;
    this.#link = null;
    this.#options.world.cancel(this.#renewal);
    this.#become("waiting");
    if (!this.#dialling) this.#retryIn(this.#backoff());
  }

  #failed(failure: unknown): void {
    if (failure instanceof ApiError && (failure.status === 401 || failure.status === 403)) {
      this.#halt("signed_out");
      return;
    }
    if (failure instanceof HelloRefused && failure.code === "reload") {
      this.#halt("reload");
      return;
    }
    this.#failures += 1;
    const told = failure instanceof ApiError ? (failure.retryAfterS ?? 0) * 1000 : 0;
    const wait = Math.max(told, this.#backoff());
    if (this.#link) {
      this.#renewIn(wait);
      return;
    }
    this.#retryIn(wait);
    const polls = this.#options.poll && this.#failures >= TIMES.failuresBeforePolling;
    if (!polls) this.#become("waiting");
    else if (this.#state !== "polling") {
      this.#become("polling");
      this.#poll();
    }
  }

  /** Full jitter, so that those who fell together do not come back together. It never gives up. */
  #backoff(): number {
    const most = Math.min(TIMES.firstRetryMs * 2 ** (this.#failures + 1), TIMES.longestRetryMs);
    return TIMES.firstRetryMs / 2 + this.#options.world.random() * most;
  }

  #retryIn(ms: number): void {
    const { world } = this.#options;
    world.cancel(this.#retry);
    this.#retry = world.after(ms, () => this.#dial());
  }

  #renewIn(ms: number): void {
    const { world } = this.#options;
    world.cancel(this.#renewal);
    this.#renewal = world.after(ms, () => this.#dial());
  }

  #poll(): void {
    const { world, poll } = this.#options;
    if (!poll) return;
    const generation = this.#generation;
    const again = () => {
      if (this.#state !== "polling" || generation !== this.#generation) return;
      const pause = world.visible() ? TIMES.pollMs : TIMES.hiddenPollMs;
      this.#polling = world.after(pause * (0.75 + world.random() / 2), () => this.#poll());
    };
    // What a poll can't read, the next one does.
    poll().then(again, again);
  }

  #stopPolling(): void {
    this.#options.world.cancel(this.#polling);
    this.#polling = undefined;
  }

  #halt(state: LinkState): void {
    const { world } = this.#options;
    this.#generation += 1;
    this.#dialling = false;
    world.cancel(this.#retry);
    world.cancel(this.#renewal);
    this.#retry = undefined;
    this.#stopPolling();
    this.#sleepless?.();
    this.#sleepless = undefined;
    const link = this.#link;
    this.#link = null;
    link?.close();
    this.#become(state);
  }

  #become(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }
}

class HelloRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(failure: Error): void;
  timer: Timer;
}

/** One socket, from its ticket to its end. */
class Link {
  readonly terms: Welcome;
  onLost: (() => void) | null = null;
  onDraining: ((windowS: number) => void) | null = null;
  dead = false;
  readonly #socket: Socket;
  readonly #options: ConnOptions;
  readonly #waiting = new Map<string, Waiting>();
  #ping: Timer | undefined;
  #probe: Timer | undefined;
  #heardAt: number;
  #retired = false;

  /** Resolves when welcome. */
  static open(ticket: SocketTicket, options: ConnOptions): Promise<Link> {
    const { world, newId, client, version } = options;
    const url = new URL(ticket.url);
    url.searchParams.set("ticket", ticket.ticket);
    const socket = world.socket(url.href);
    const helloId = newId();
    return new Promise((resolve, reject) => {
      const fail = (failure: Error) => {
        world.cancel(timer);
        deafen(socket);
        socket.close();
        reject(failure);
      };
      const timer = world.after(TIMES.welcomeMs, () => fail(new ConnectionLost("no welcome")));
      socket.onclose = () => fail(new ConnectionLost("closed before welcome"));
      socket.onerror = () => fail(new ConnectionLost("no connection"));
      socket.onopen = () => {
        const catch_up = options.heads().slice(0, TIMES.headsInHello);
        socket.send(JSON.stringify({ type: "hello", client_id: helloId, client, version, catch_up }));
      };
      socket.onmessage = ({ data }) => {
        const event = frame(data);
        if (!event) return;
        if (event.type === "refused" && (event.client_id === helloId || event.client_id === null)) {
          fail(new HelloRefused(event.code));
        } else if (event.type === "welcome") {
          world.cancel(timer);
          const link = new Link(socket, options, event);
          options.onEvent(event);
          resolve(link);
        } else options.onEvent(event);
      };
    });
  }

  private constructor(socket: Socket, options: ConnOptions, terms: Welcome) {
    this.#socket = socket;
    this.#options = options;
    this.terms = terms;
    this.#heardAt = options.world.now();
    socket.onmessage = ({ data }) => this.#heard(frame(data));
    socket.onclose = () => this.#end();
    socket.onerror = () => this.#end();
    this.#pingLater();
  }

  send(command: Command): boolean {
    if (this.dead) return false;
    try {
      this.#socket.send(JSON.stringify(command));
      return true;
    } catch {
      this.#end();
      return false;
    }
  }

  request(command: Command & { client_id: string }, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = command.client_id;
      const timer = this.#options.world.after(timeoutMs, () => {
        this.#waiting.delete(id);
        reject(new ConnectionLost("no answer"));
      });
      this.#waiting.set(id, { resolve, reject, timer });
      if (!this.send(command)) {
        this.#waiting.delete(id);
        this.#options.world.cancel(timer);
        reject(new ConnectionLost());
      }
    });
  }

  /** Pings now; a socket from which nothing at all is heard until then is dead. */
  probe(withinMs: number): void {
    const { world, newId } = this.#options;
    const askedAt = world.now();
    world.cancel(this.#probe);
    if (!this.send({ type: "ping", client_id: newId(), visible: world.visible() })) return;
    this.#probe = world.after(withinMs, () => {
      if (this.#heardAt < askedAt) this.#end();
    });
  }

  /** Another socket took over. What was asked here is still answered here. */
  retire(withinMs: number): void {
    this.#retired = true;
    this.onLost = null;
    this.onDraining = null;
    if (this.#waiting.size === 0) this.close();
    else this.#options.world.after(withinMs, () => this.close());
  }

  close(): void {
    this.onLost = null;
    this.#end();
  }

  #pingLater(): void {
    this.#ping = this.#options.world.after(this.terms.ping_every_s * 1000, () => {
      this.probe(TIMES.pongMs);
      if (!this.dead) this.#pingLater();
    });
  }

  #heard(event: Event | null): void {
    this.#heardAt = this.#options.world.now();
    if (!event) return;
    this.#options.onEvent(event);
    if ((event.type as string) === "server.draining") {
      this.onDraining?.(this.terms.reconnect_window_s || DEFAULT_WINDOW_S);
      return;
    }
    const id = "client_id" in event ? event.client_id : null;
    // A message told to its sender carries the id too: that is an event, and the answer comes by itself.
    if (!id || !ANSWERS.has(event.type)) return;
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    this.#options.world.cancel(waiting.timer);
    waiting.resolve(event as Answer);
    if (this.#retired && this.#waiting.size === 0) this.close();
  }

  #end(): void {
    if (this.dead) return;
    this.dead = true;
    const { world } = this.#options;
    world.cancel(this.#ping);
    world.cancel(this.#probe);
    deafen(this.#socket);
    this.#socket.close();
    for (const { reject, timer } of this.#waiting.values()) {
      world.cancel(timer);
      reject(new ConnectionLost());
    }
    this.#waiting.clear();
    this.onLost?.();
  }
}

const ANSWERS = new Set<string>(["accepted", "refused", "caught_up", "pong", "welcome"]);

function deafen(socket: Socket): void {
  socket.onopen = null;
  socket.onmessage = null;
  socket.onclose = null;
  socket.onerror = null;
}

/** A frame from the server, or null where it is none: a broken one is not worth a crash. */
function frame(data: unknown): Event | null {
  try {
    const value: unknown = JSON.parse(String(data));
    const isFrame = typeof value === "object" && value !== null && "type" in value;
    return isFrame && typeof value.type === "string" ? (value as Event) : null;
  } catch {
    return null;
  }
}
