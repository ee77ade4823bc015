import type { Channel, Locks } from "./platform.ts";

export interface TabsOptions {
  name: string;
  locks: Locks | null;
  channel: Channel | null;
}

/**
 * The tabs of one person elect one that holds the socket; the others hear from it.
 *
 * Where the browser refuses locks or the channel, every tab leads: wasteful, never wrong.
 */
export class Tabs {
  readonly #options: TabsOptions;
  readonly #release = new AbortController();
  #resign: (() => void) | undefined;
  #leading = false;

  constructor(options: TabsOptions) {
    this.#options = options;
  }

  get leading(): boolean {
    return this.#leading;
  }

  /** Stands for election; `lead` is called once, now or when the tabs before this one are gone. */
  join(lead: () => void): void {
    const win = () => {
      if (this.#leading || this.#release.signal.aborted) return;
      this.#leading = true;
      lead();
    };
    const { locks, channel, name } = this.#options;
    if (!locks || !channel) {
      win();
      return;
    }
    const term = () =>
      new Promise<void>((resolve) => {
        this.#resign = resolve;
        win();
      });
    locks.hold(`lead:${name}`, term, this.#release.signal).catch(win);
  }

  post(message: unknown): void {
    this.#options.channel?.post(message);
  }

  listen(heard: (message: unknown) => void): () => void {
    return this.#options.channel?.listen(heard) ?? (() => undefined);
  }

  leave(): void {
    this.#release.abort();
    this.#resign?.();
    this.#leading = false;
    this.#options.channel?.close();
  }
}
