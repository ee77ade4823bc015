import type { KeptText, Locks, Platform } from "../core/platform.ts";
import { Rest } from "../core/rest.ts";
import { TokenKeeper } from "../core/tokens.ts";
import type { CustomerTokens } from "../proto/types.gen.ts";

export interface IdentityOptions {
  source: string;
  store: KeptText;
  locks: Locks | null;
  world: Platform;
  /** Who was known here is known no more, and somebody new came in: what was shown was another's. */
  onReplaced(): void;
}

const KEY = "customer";

/**
 * One customer per source and browser.
 *
 * Nobody is one until something is asked in their name: whoever only looks leaves no trace. A sign-in that is refused
 * for good begins anew, without a word.
 */
export class Identity {
  readonly rest: Rest;
  readonly #options: IdentityOptions;
  readonly #keeper: TokenKeeper<CustomerTokens>;
  #coming: Promise<string> | null = null;
  #wasKnown: boolean;

  constructor(options: IdentityOptions) {
    const { store, locks, world, source } = options;
    this.#options = options;
    this.#keeper = new TokenKeeper<CustomerTokens>({
      key: KEY,
      store,
      locks,
      world,
      refresh: ({ refresh_token }, idempotencyKey) =>
        this.rest.post(
          "/v1/widget/customers",
          { source_key: source, refresh_token },
          { anonymous: true, idempotencyKey },
        ),
    });
    this.rest = new Rest({
      world,
      bearer: async () => (await this.#keeper.bearer()) ?? (await this.#comeIn()),
      renew: async (stale) => (await this.#keeper.renew(stale)) ?? (await this.#comeIn()),
    });
    this.#wasKnown = this.known;
  }

  get known(): boolean {
    return this.#keeper.current() !== null;
  }

  /** On the server too, if it can be told. */
  signOut(): void {
    const held = this.#keeper.current();
    this.#keeper.set(null);
    this.#wasKnown = false;
    if (!held) return;
    const { refresh_token, token } = held;
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const body = JSON.stringify({ refresh_token });
    this.#options.world
      .fetch("/v1/widget/sign-out", { method: "POST", headers, body, keepalive: true })
      .catch(() => undefined);
  }

  /** Once for all that ask at the same time, in all tabs. */
  #comeIn(): Promise<string> {
    this.#coming ??= this.#alone(() => this.#beNew()).finally(() => {
      this.#coming = null;
    });
    return this.#coming;
  }

  async #beNew(): Promise<string> {
    const { store, source } = this.#options;
    await store.refresh?.();
    const other = this.#keeper.current();
    if (other) return other.token;
    const made = await this.rest.post<CustomerTokens>(
      "/v1/widget/customers",
      { source_key: source },
      { anonymous: true },
    );
    this.#keeper.set(made);
    if (this.#wasKnown) this.#options.onReplaced();
    this.#wasKnown = true;
    return made.token;
  }

  async #alone(run: () => Promise<string>): Promise<string> {
    let begun = false;
    const held = () => {
      begun = true;
      return run();
    };
    try {
      return await (this.#options.locks?.hold("come-in", held) ?? held());
    } catch (failure) {
      if (begun) throw failure;
      return run();
    }
  }
}
