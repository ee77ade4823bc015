import type { Platform, Timer } from "./platform.ts";

type World = Pick<Platform, "now" | "after" | "cancel" | "visible">;

/** One clock for whatever on the screen counts seconds; it stands still while nobody looks. */
export class SharedClock {
  readonly #world: World;
  readonly #listeners = new Set<(now: number) => void>();
  #timer: Timer | undefined;
  #ahead = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The server's time as far as it is known, in milliseconds. */
  now(): number {
    return this.#world.now() + this.#ahead;
  }

  /** The server said what time it is: `welcome.now`. */
  set(serverNow: string): void {
    const told = Date.parse(serverNow);
    if (Number.isFinite(told)) this.#ahead = told - this.#world.now();
  }

  /** Calls back once a second, on the second. Returns how to stop. */
  each(tick: (now: number) => void): () => void {
    this.#listeners.add(tick);
    this.#wind();
    return () => {
      this.#listeners.delete(tick);
      if (this.#listeners.size > 0) return;
      this.#world.cancel(this.#timer);
      this.#timer = undefined;
    };
  }

  #wind(): void {
    if (this.#timer !== undefined || this.#listeners.size === 0) return;
    this.#timer = this.#world.after(1000 - (this.now() % 1000), () => {
      this.#timer = undefined;
      const now = this.now();
      if (this.#world.visible()) for (const tick of this.#listeners) tick(now);
      this.#wind();
    });
  }
}
