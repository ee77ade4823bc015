import type { Lang } from "../core/i18n.ts";
import type { KeptText, Timer, Timers } from "../core/platform.ts";
import { ApiError, type Rest } from "../core/rest.ts";
import type { CategoryChoice, WidgetConfig } from "../proto/types.gen.ts";

export interface DoorOptions {
  source: string;
  rest: Rest;
  store: KeptText;
  world: Timers;
  onChange(): void;
}

const FIRST_WAIT_MS = 1_500;
const LONGEST_WAIT_MS = 30_000;

/** What stands at the door: title, greeting, categories, and whether it is open. The last answer is kept. */
export class Door {
  config: WidgetConfig | null = null;
  trouble: "unknown_source" | "unreachable" | null = null;
  readonly #options: DoorOptions;
  #lang: Lang = "en";
  #retry: Timer | undefined;
  #wait = FIRST_WAIT_MS;

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  /** Shows what was kept at once, and what the server says as soon as it says it. */
  read(lang: Lang): void {
    this.#lang = lang;
    this.config = this.#kept() ?? this.config;
    this.#options.onChange();
    this.again();
  }

  async again(): Promise<void> {
    const { source, rest, store, world, onChange } = this.#options;
    const lang = this.#lang;
    world.cancel(this.#retry);
    try {
      const config = await rest.get<WidgetConfig>("/v1/widget/config", {
        query: { source_key: source, lang },
        anonymous: true,
      });
      if (lang !== this.#lang) return;
      this.config = config;
      this.trouble = null;
      this.#wait = FIRST_WAIT_MS;
      store.set(`config:${lang}`, JSON.stringify(config));
    } catch (failure) {
      if (lang !== this.#lang) return;
      this.trouble = isFinal(failure) ? "unknown_source" : "unreachable";
      if (this.trouble === "unreachable") this.#retry = world.after(this.#longer(), () => this.again());
    }
    onChange();
  }

  category(id: string | null): CategoryChoice | null {
    return this.config?.categories.find((category) => category.id === id) ?? null;
  }

  #longer(): number {
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    return wait;
  }

  #kept(): WidgetConfig | null {
    try {
      return JSON.parse(this.#options.store.get(`config:${this.#lang}`) ?? "null") as WidgetConfig | null;
    } catch {
      return null;
    }
  }
}

/** The key is wrong: asking again does not help. */
function isFinal(failure: unknown): boolean {
  return failure instanceof ApiError && (failure.status === 404 || failure.status === 422);
}
