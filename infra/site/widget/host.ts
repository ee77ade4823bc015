import type { Channel, KeptText, Locks } from "../core/platform.ts";
import { type Init, READY, type ToHost, type ToPanel } from "../loader/port.ts";
import { browserChannel, browserLocks, browserStore } from "../ui/browser.ts";

/** Where the panel stands: in a host page that lends it what the browser refuses a frame, or as a page of its own. */
export interface Host {
  /** Null when the panel is a page of its own. */
  readonly init: Init | null;
  readonly store: KeptText;
  readonly locks: Locks | null;
  readonly channel: Channel | null;
  tell(word: ToHost): void;
  listen(heard: (word: ToPanel) => void): () => void;
}

const WAIT_MS = 5_000;

export async function findHost(source: string): Promise<Host> {
  const own = storageWorks();
  if (window.parent === window) return alone(source);
  const met = await meet();
  if (!met) return alone(source);
  const lent = new Lent(met.port, met.init.kept);
  return {
    init: met.init,
    store: own ? prefixed(browserStore(), `deskbell:${source}:`) : lent,
    locks: own ? browserLocks() : lent,
    channel: own ? browserChannel(`deskbell:${source}`) : lent.channel,
    tell: (word) => met.port.postMessage(word),
    listen: (heard) => lent.listen(heard),
  };
}

function alone(source: string): Host {
  return {
    init: null,
    store: prefixed(browserStore(), `deskbell:${source}:`),
    locks: browserLocks(),
    channel: browserChannel(`deskbell:${source}`),
    tell: () => undefined,
    listen: () => () => undefined,
  };
}

/** Only the page that frames this one may hand over the port, and only once. */
function meet(): Promise<{ port: MessagePort; init: Init } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(null), WAIT_MS);
    const done = (met: { port: MessagePort; init: Init } | null) => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      resolve(met);
    };
    const hear = (event: MessageEvent<Init>) => {
      const [port] = event.ports;
      if (event.source === window.parent && event.data?.type === "deskbell:init" && port) {
        done({ port, init: event.data });
      }
    };
    addEventListener("message", hear);
    // It says nothing but "here": whoever frames this page may hear it.
    window.parent.postMessage(READY, "*");
  });
}

function storageWorks(): boolean {
  try {
    const key = "deskbell:probe";
    localStorage.setItem(key, "1");
    localStorage.removeItem(key);
    return Boolean(navigator.locks);
  } catch {
    return false;
  }
}

function prefixed(store: KeptText, prefix: string): KeptText {
  return {
    get: (key) => store.get(prefix + key),
    set: (key, value) => store.set(prefix + key, value),
    keys: (start) => store.keys(prefix + start).map((key) => key.slice(prefix.length)),
  };
}

/** The host page's storage, locks and channel, over the port. Reading is from a copy that the host keeps current. */
export class Lent implements KeptText, Locks {
  readonly channel: Channel;
  readonly #port: MessagePort;
  readonly #kept: Map<string, string>;
  readonly #listeners = new Set<(word: ToPanel) => void>();
  #asked = 0;

  constructor(port: MessagePort, kept: Record<string, string>) {
    this.#port = port;
    this.#kept = new Map(Object.entries(kept));
    this.#port.onmessage = ({ data }: MessageEvent<ToPanel>) => {
      if (data.t === "kept") this.#copy(data.key, data.value);
      for (const heard of [...this.#listeners]) heard(data);
    };
    this.channel = {
      post: (message) => this.#say({ t: "say", message }),
      listen: (heard) => this.listen((word) => word.t === "heard" && heard(word.message)),
      close: () => undefined,
    };
  }

  listen(heard: (word: ToPanel) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  get(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }

  set(key: string, value: string | null): void {
    this.#copy(key, value);
    this.#say({ t: "keep", key, value });
  }

  keys(prefix: string): string[] {
    return [...this.#kept.keys()].filter((key) => key.startsWith(prefix));
  }

  refresh(): Promise<void> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      const stop = this.listen((word) => {
        if (word.t !== "refreshed" || word.id !== id) return;
        stop();
        this.#kept.clear();
        for (const [key, value] of Object.entries(word.kept)) this.#kept.set(key, value);
        resolve();
      });
      this.#say({ t: "refresh", id });
    });
  }

  hold<T>(name: string, held: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      const give = () => this.#say({ t: "unlock", id });
      const stop = this.listen((word) => {
        if (word.t === "unlockable" && word.id === id) {
          stop();
          reject(new Error("no locks"));
        } else if (word.t === "locked" && word.id === id) {
          stop();
          held().then(resolve, reject).finally(give);
        }
      });
      signal?.addEventListener("abort", () => {
        stop();
        give();
        reject(new Error("aborted"));
      });
      this.#say({ t: "lock", id, name });
    });
  }

  #copy(key: string, value: string | null): void {
    if (value === null) this.#kept.delete(key);
    else this.#kept.set(key, value);
  }

  #say(word: ToHost): void {
    this.#port.postMessage(word);
  }
}
