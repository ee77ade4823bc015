/** What the core needs of the world, so that tests can stand in for it. The browser's is `ui/browser.ts`. */

export type Timer = number;

export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  after(ms: number, run: () => void): Timer;
  cancel(timer: Timer | undefined): void;
}

export interface Socket {
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Mutual exclusion between the tabs of one origin. Rejects where the browser refuses it. */
export interface Locks {
  /** Holds `name` until `held` is settled. */
  hold<T>(name: string, held: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Talk between the tabs of one origin; never back to the sender. */
export interface Channel {
  post(message: unknown): void;
  listen(heard: (message: unknown) => void): () => void;
  close(): void;
}

/** A small store that is written before the call returns: a reload right after must find it. */
export interface KeptText {
  get(key: string): string | null;
  /** `null` forgets. */
  set(key: string, value: string | null): void;
  keys(prefix: string): string[];
  /** Brings in what other tabs wrote, where reading does not do so by itself. */
  refresh?(): Promise<void>;
}

export interface Platform extends Timers {
  random(): number;
  fetch(input: string, init: RequestInit): Promise<Response>;
  socket(url: string): Socket;
  /** Calls back when the browser says that the network came or went, or the person is back. Returns how to stop. */
  onWake(wake: () => void): () => void;
  visible(): boolean;
}

export function memoryStore(held = new Map<string, string>()): KeptText {
  return {
    get: (key) => held.get(key) ?? null,
    set(key, value) {
      if (value === null) held.delete(key);
      else held.set(key, value);
    },
    keys: (prefix) => [...held.keys()].filter((key) => key.startsWith(prefix)),
  };
}
