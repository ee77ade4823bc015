import { signal } from "@preact/signals";
import { ApiError, type Rest } from "../../core/rest.ts";
import type { Page, Queue } from "../../proto/types.gen.ts";
import { worded } from "../words.ts";

type Label = string | Record<string, string>;
interface CategoryRead {
  id: string;
  label: Label;
  parent_id: string | null;
}
interface SourceRead {
  id: string;
  name: string;
}

/** What ids are called: queues, categories, sources. Read once, and again when the desk comes back. */
export class Names {
  readonly queues = signal<ReadonlyMap<string, Queue>>(new Map());
  readonly #categories = signal<ReadonlyMap<string, CategoryRead>>(new Map());
  readonly #sources = signal<ReadonlyMap<string, SourceRead>>(new Map());
  readonly #rest: Rest;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  async read(): Promise<void> {
    const [queues, categories, sources] = await Promise.all([
      this.#all<Queue>("/v1/queues"),
      this.#all<CategoryRead>("/v1/categories"),
      this.#all<SourceRead>("/v1/sources"),
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
      const page = await this.#rest.get<Page<Thing>>(path);
      return new Map(page.items.map((thing) => [thing.id, thing]));
    } catch (failure) {
      if (failure instanceof ApiError && (failure.status === 403 || failure.status === 404)) return new Map();
      throw failure;
    }
  }
}
