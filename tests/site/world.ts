import type { Platform, Socket, Timer } from "../../infra/site/core/platform.ts";

/** A seeded random: the same seed, the same run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets every promise that can go on go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Time that passes only when told to. */
export class FakeTime {
  ms = Date.parse("2026-11-22T09:00:00Z");
  readonly #due: { at: number; order: number; run: () => void; timer: Timer }[] = [];
  #count = 0;

  now(): number {
    return this.ms;
  }

  after(ms: number, run: () => void): Timer {
    this.#count += 1;
    this.#due.push({ at: this.ms + ms, order: this.#count, run, timer: this.#count });
    this.#due.sort((one, other) => one.at - other.at || one.order - other.order);
    return this.#count;
  }

  cancel(timer: Timer | undefined): void {
    const at = this.#due.findIndex((due) => due.timer === timer);
    if (at >= 0) this.#due.splice(at, 1);
  }

  /** Runs what falls due, in order, and whatever follows from it. */
  async pass(ms: number): Promise<void> {
    const until = this.ms + ms;
    await settle();
    for (let next = this.#due[0]; next && next.at <= until; next = this.#due[0]) {
      this.#due.shift();
      this.ms = Math.max(this.ms, next.at);
      next.run();
      await settle();
    }
    this.ms = until;
  }
}

export class FakeSocket implements Socket {
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  readonly sent: Record<string, unknown>[] = [];
  readonly #heard: (socket: FakeSocket, frame: Record<string, unknown>) => void;
  onClosed: (() => void) | null = null;

  constructor(
    url: string,
    heard: (socket: FakeSocket, frame: Record<string, unknown>) => void = () => undefined,
  ) {
    this.url = url;
    this.#heard = heard;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  send(text: string): void {
    if (this.readyState !== 1) throw new Error("not open");
    const frame = JSON.parse(text) as Record<string, unknown>;
    this.sent.push(frame);
    this.#heard(this, frame);
  }

  hear(frame: object): void {
    if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The network drops it. */
  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onClosed?.();
    this.onclose?.({ code: 1006 });
  }

  close(): void {
    this.drop();
  }
}

export interface FakeWorld extends Platform {
  time: FakeTime;
  sockets: FakeSocket[];
  wake(): void;
}

export function fakeWorld(
  given: {
    time?: FakeTime;
    random?: () => number;
    fetch?: Platform["fetch"];
    socket?: (url: string) => FakeSocket;
  } = {},
): FakeWorld {
  const time = given.time ?? new FakeTime();
  const sockets: FakeSocket[] = [];
  const wakers = new Set<() => void>();
  return {
    time,
    sockets,
    now: () => time.now(),
    after: (ms, run) => time.after(ms, run),
    cancel: (timer) => time.cancel(timer),
    random: given.random ?? seeded(1),
    fetch: given.fetch ?? (() => Promise.reject(new Error("no network"))),
    socket(url) {
      const socket = given.socket?.(url) ?? new FakeSocket(url);
      sockets.push(socket);
      return socket;
    },
    onWake(wake) {
      wakers.add(wake);
      return () => wakers.delete(wake);
    },
    visible: () => true,
    wake() {
      for (const waker of wakers) waker();
    },
  };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}
