import { computed, signal } from "@preact/signals";
import { ApiError, type Rest } from "../../core/rest.ts";
import type { Category, Page, Queue, Source } from "../../proto/types.gen.ts";
import { worded } from "../words.ts";

/** What ids are called: queues, categories, sources. Read once, and again when the desk comes back. */
export class Names {
  readonly queues = signal<ReadonlyMap<string, Queue>>(new Map());
  /** As the server orders them. */
  readonly categoryIds = computed(() => [...this.#categories.value.keys()]);
  readonly #categories = signal<ReadonlyMap<string, Category>>(new Map());
  readonly #sources = signal<ReadonlyMap<string, Source>>(new Map());
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  async read(): Promise<void> {
    const [queues, categories, sources] = await Promise.all([
      this.#all<Queue>("/v1/queues"),
      this.#all<Category>("/v1/categories"),
      this.#all<Source>("/v1/sources"),
    ]);
    this.queues.value = queues;
    this.#categories.value = categories;
    this.#sources.value = sources;
  }

  queue(id: string | null): string {
    return this.queues.value.get(id ?? "")?.name ?? "";
  }

  source(id: string | null): string {
    return this.#sources.value.get(id ?? "")?.name ?? "";
  }

  /** `Orders › Delivery`, from the top of the tree. */
  category(id: string | null): string {
    const path: string[] = [];
    for (let at = this.#categories.value.get(id ?? ""); at && path.length < 4; ) {
      path.unshift(worded(at.label));
      at = this.#categories.value.get(at.parent_id ?? "");
    }
    return path.join(" › ");
  }

  /** A name that can't be read is left out; what has it works all the same. */
  async #all<Thing extends { id: string }>(path: string): Promise<ReadonlyMap<string, Thing>> {
    try {
      const found = new Map<string, Thing>();
      let cursor: string | null = null;
      do {
        const page: Page<Thing> = await this.#rest.get(path, { query: { cursor, limit: 100 } });
        for (const thing of page.items) found.set(thing.id, thing);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return found;
    } catch (failure) {
      if (failure instanceof ApiError && (failure.status === 403 || failure.status === 404)) return new Map();
      throw failure;
    }
  }
}
