import { signal } from "@preact/signals";
import type { Page } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";
import { worded } from "../words.ts";
import type { Schemas } from "./schema.ts";

/** Anything that has an id, and something that it is called by. */
export interface Thing {
  id: string;
  version?: number;
  [field: string]: unknown;
}

type Option = readonly [id: string, label: string];

/** What ids in a form name: read once each, when first asked for. */
export class References {
  readonly #lists = signal<ReadonlyMap<string, readonly Thing[]>>(new Map());
  readonly #asked = new Set<string>();
  readonly #schemas: Schemas;

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  options(of: string): readonly Option[] {
    if (!this.#asked.has(of)) void this.read(of);
    const things = this.#lists.value.get(of) ?? [];
    return things
      .filter(({ removed, enabled }) => removed !== true && enabled !== false)
      .map((thing) => [of === "skills" ? String(thing["name"]) : thing.id, titleOf(thing, things)]);
  }

  /** How one of them is called; its id where that can't be read. */
  title(of: string, id: unknown): string {
    if (typeof id !== "string" || !id) return "";
    return this.options(of).find(([one]) => one === id)?.[1] ?? id;
  }

  async read(of: string): Promise<void> {
    this.#asked.add(of);
    if (!this.#schemas.has("get", `/v1/${of}`)) return;
    try {
      const found = await everyThing(`/v1/${of}`);
      this.#lists.value = new Map(this.#lists.peek()).set(of, found);
    } catch {
      // Who may not read them sees ids; the server judges what is chosen anyway.
    }
  }
}

export async function everyThing(path: string): Promise<Thing[]> {
  const found: Thing[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Thing> = await rest.get(path, { query: { cursor, limit: 100 } });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}

/** With what stands above it in a tree. */
export function titleOf(thing: Thing, among: readonly Thing[] = []): string {
  const path: string[] = [];
  for (let at: Thing | undefined = thing; at && path.length < 6; ) {
    path.unshift(nameOf(at));
    const above: unknown = at["parent_id"];
    at = typeof above === "string" ? among.find(({ id }) => id === above) : undefined;
  }
  return path.join(" › ");
}

export function nameOf(thing: Thing): string {
  const told = thing["name"] ?? thing["alias"] ?? thing["label"] ?? thing["title"] ?? thing["code"];
  if (typeof told === "string") return told;
  return told && typeof told === "object" ? worded(told as Record<string, string>) : thing.id;
}
