/** The browser as the core wants it: clock, network, storage, locks, talk between tabs. */
import {
  type Channel,
  type KeptText,
  type Locks,
  memoryStore,
  type Platform,
  type Socket,
} from "../core/platform.ts";

export function browser(): Platform {
  return {
    now: () => Date.now(),
    after: (ms, run) => window.setTimeout(run, ms),
    cancel: (timer) => clearTimeout(timer),
    random: () => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32,
    fetch: (input, init) => fetch(input, init),
    socket: (url) => new WebSocket(url) as unknown as Socket,
    onWake(wake) {
      const shown = () => document.visibilityState === "visible" && wake();
      addEventListener("online", wake);
      addEventListener("offline", wake);
      addEventListener("pageshow", wake);
      document.addEventListener("visibilitychange", shown);
      return () => {
        removeEventListener("online", wake);
        removeEventListener("offline", wake);
        removeEventListener("pageshow", wake);
        document.removeEventListener("visibilitychange", shown);
      };
    },
    visible: () => document.visibilityState === "visible",
  };
}

/** The browser's own locks, or `null` where there are none (an insecure origin, a frame without storage). */
export function browserLocks(): Locks | null {
  const locks = globalThis.navigator?.locks;
  if (!locks) return null;
  return {
    hold: async (name, held, signal) => await locks.request(name, signal ? { signal } : {}, held),
  };
}

export function browserChannel(name: string): Channel | null {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return null;
  }
  return {
    post: (message) => channel.postMessage(message),
    listen(heard) {
      const on = (event: MessageEvent) => heard(event.data);
      channel.addEventListener("message", on);
      return () => channel.removeEventListener("message", on);
    },
    close: () => channel.close(),
  };
}

/** Local storage, or memory where the browser refuses it or it is full: then nothing outlives the page. */
export function browserStore(): KeptText {
  let local: Storage;
  try {
    local = globalThis.localStorage;
    local.getItem("");
  } catch {
    return memoryStore();
  }
  const overflow = memoryStore();
  return {
    get: (key) => overflow.get(key) ?? local.getItem(key),
    set(key, value) {
      overflow.set(key, null);
      try {
        if (value === null) local.removeItem(key);
        else local.setItem(key, value);
      } catch {
        overflow.set(key, value);
      }
    },
    keys: (prefix) => [
      ...new Set([...Object.keys(local).filter((key) => key.startsWith(prefix)), ...overflow.keys(prefix)]),
    ],
  };
}
