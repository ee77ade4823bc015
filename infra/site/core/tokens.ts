import type { KeptText, Locks, Timers } from "./platform.ts";
import { ApiError } from "./rest.ts";

export interface Tokens {
  token: string;
  refresh_token: string;
  expires_at: string;
}

export interface TokenOptions<T extends Tokens> {
  key: string;
  store: KeptText;
  /** `null`: this browser has no locks; the store's own lease stands in for them. */
  locks: Locks | null;
  world: Timers & { random(): number };
  /**
   * Spends the refresh token. An `ApiError` of 401 or 403 means signed out; anything else leaves all as it was.
   * `attempt` is the same for every try to spend this one: sent as the idempotency key, a lost answer is given again.
   */
  refresh(spent: T, attempt: string): Promise<T>;
  onChange?(tokens: T | null): void;
}

/** Asks for a new token this long before the old one ends. */
const EARLY_MS = 30_000;
const LEASE_MS = 20_000;
const SETTLE_MS = 60;

/**
 * The tokens of one person in all tabs of this browser.
 *
 * A refresh token works once, and its second use signs the person out everywhere. So whoever refreshes holds the lock,
 * and reads the store again once it has it: another tab may have been first.
 */
export class TokenKeeper<T extends Tokens> {
  readonly #options: TokenOptions<T>;
  #flight: Promise<T | null> | null = null;

  constructor(options: TokenOptions<T>) {
    this.#options = options;
  }

  current(): T | null {
    const text = this.#options.store.get(this.#options.key);
    if (!text) return null;
    try {
      return JSON.parse(text) as T;
    } catch {
      return null;
    }
  }

  set(tokens: T | null): void {
    this.#options.store.set(this.#options.key, tokens && JSON.stringify(tokens));
    this.#options.store.set(`${this.#options.key}:attempt`, null);
    this.#options.onChange?.(tokens);
  }

  /** A token that is thought good; null when signed out. */
  async bearer(): Promise<string | null> {
    const held = this.current();
    if (!held) return null;
    if (!this.#ending(held)) return held.token;
    try {
      return (await this.#refreshed(held.token))?.token ?? null;
    } catch {
      // No answer: the old token may still do, and says so itself if not.
      return this.current()?.token ?? null;
    }
  }

  /** A token to try after the server refused `stale`; null when signed out. Rejects when the server can't be asked. */
  async renew(stale: string): Promise<string | null> {
    return (await this.#refreshed(stale))?.token ?? null;
  }

  #ending(tokens: T): boolean {
    return Date.parse(tokens.expires_at) - this.#options.world.now() < EARLY_MS;
  }

  #refreshed(stale: string): Promise<T | null> {
    this.#flight ??= this.#locked(() => this.#spend(stale)).finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  async #spend(stale: string): Promise<T | null> {
    await this.#options.store.refresh?.();
    const held = this.current();
    if (!held || held.token !== stale) return held;
    try {
      const fresh = await this.#options.refresh(held, this.#attempt(held));
      this.set(fresh);
      return fresh;
    } catch (failure) {
      if (!(failure instanceof ApiError) || (failure.status !== 401 && failure.status !== 403)) throw failure;
      this.set(null);
      return null;
    }
  }

  /** Kept until the token is spent, so that a reload in between asks under the same one. */
  #attempt(held: T): string {
    const { store, key, world } = this.#options;
    const [spent, known] = (store.get(`${key}:attempt`) ?? "").split(" ");
    if (known && spent === held.refresh_token) return known;
    const made = [world.random(), world.random(), world.random()]
      .map((n) => n.toString(36).slice(2))
      .join("");
    store.set(`${key}:attempt`, `${held.refresh_token} ${made}`);
    return made;
  }

  async #locked(run: () => Promise<T | null>): Promise<T | null> {
    const { locks, key } = this.#options;
    let begun = false;
    const held = () => {
      begun = true;
      return run();
    };
    if (!locks) return this.#leased(run);
    try {
      return await locks.hold(`refresh:${key}`, held);
    } catch (failure) {
      if (begun) throw failure;
      return this.#leased(run);
    }
  }

  /** The last resort: a lease in the store, taken by whoever still stands in it after a moment. */
  async #leased(run: () => Promise<T | null>): Promise<T | null> {
    const { store, world } = this.#options;
    const lease = `${this.#options.key}:lease`;
    const mine = String(world.random());
    for (;;) {
      const [holder, until] = (store.get(lease) ?? "").split(" ");
      if (!holder || Number(until) < world.now()) {
        store.set(lease, `${mine} ${world.now() + LEASE_MS}`);
        await this.#pause(SETTLE_MS);
        await store.refresh?.();
        if (store.get(lease)?.startsWith(`${mine} `)) break;
      }
      await this.#pause(SETTLE_MS * (1 + world.random()));
      await store.refresh?.();
    }
    try {
      return await run();
    } finally {
      store.set(lease, null);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.world.after(ms, resolve);
    });
  }
}
