import { signal } from "@preact/signals";
import type { Client } from "../../core/client.ts";
import { ApiError, type Rest } from "../../core/rest.ts";
import type { Page, Session } from "../../proto/types.gen.ts";

export type Tab = "mine" | "wrap_up" | "queue" | "team" | "left";

/** The server's lists, read again whenever something says that they changed. What is in them goes to the client's state. */
export class Lists {
  /** By rank; null until read. */
  readonly queue = signal<readonly string[] | null>(null);
  /** What colleagues have; null until somebody asks for it. */
  readonly team = signal<readonly string[] | null>(null);
  /** Left while nobody could serve, the soonest due first; null until read. */
  readonly left = signal<readonly string[] | null>(null);
  readonly closed = signal<readonly string[] | null>(null);
  readonly moreClosed = signal(false);
  readonly #rest: Rest;
  readonly #client: Client;
  readonly #reading = new Map<Tab, { again: boolean }>();
  #cursor: string | null = null;

  constructor(rest: Rest, client: Client) {
    this.#rest = rest;
    this.#client = client;
  }

  /** Asked while it is being read, it is read once more after. */
  async read(tab: Tab): Promise<void> {
    const reading = this.#reading.get(tab);
    if (reading) {
      reading.again = true;
      return;
    }
    const mine = { again: false };
    this.#reading.set(tab, mine);
    try {
      const { items } = await this.#rest.get<Page<Session>>("/v1/sessions", { query: { tab, limit: 100 } });
      for (const session of items) this.#client.learn(session);
      const ids = items.map(({ session_id }) => session_id);
      if (tab === "queue") this.queue.value = ids;
      else if (tab === "team") this.team.value = ids;
      else if (tab === "left") this.left.value = ids;
      else await this.#readMissed(tab, ids);
    } catch {
      // The next digest, event or welcome asks again.
    } finally {
      this.#reading.delete(tab);
    }
    if (mine.again) await this.read(tab);
  }

  async readClosed(from: "start" | "next"): Promise<void> {
    const cursor = from === "start" ? null : this.#cursor;
    const page = await this.#rest.get<Page<Session>>("/v1/sessions", {
      query: { tab: "closed", limit: 25, cursor },
    });
    for (const session of page.items) this.#client.learn(session);
    const ids = page.items.map(({ session_id }) => session_id);
    this.#cursor = page.next_cursor;
    this.closed.value = from === "start" ? ids : [...new Set([...(this.closed.value ?? []), ...ids])];
    this.moreClosed.value = page.next_cursor !== null;
  }

  /** One session as it is now; null when there is none for this reader. */
  async readOne(session_id: string): Promise<Session | null> {
    try {
      const session = await this.#rest.get<Session>(`/v1/sessions/${encodeURIComponent(session_id)}`);
      this.#client.learn(session);
      return session;
    } catch (failure) {
      if (failure instanceof ApiError && failure.status === 404) return null;
      throw failure;
    }
  }

  /** Thought to be on this list, and not: the event that took it away was lost. */
  async #readMissed(tab: Tab, ids: readonly string[]): Promise<void> {
    const there = new Set(ids);
    const states = tab === "mine" ? ["active", "on_hold"] : ["wrap_up"];
    for (const { session_id, session } of this.#client.state.talks.values()) {
      if (session && states.includes(session.state) && !there.has(session_id)) await this.readOne(session_id);
    }
  }
}
