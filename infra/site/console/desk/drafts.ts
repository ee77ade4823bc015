import { signal } from "@preact/signals";
import type { KeptText } from "../../core/platform.ts";

export type DraftKind = "reply" | "note" | "filing";

/** What is being written, per session: kept at every letter, so that it is there after a reload and in another tab. */
export class Drafts {
  readonly #store: KeptText;
  readonly #prefix: string;
  readonly #changed = signal(0);

  constructor(store: KeptText, person: string) {
    this.#store = store;
    this.#prefix = `agent:${person}:draft:`;
  }

  get(session_id: string, kind: DraftKind): string {
    this.#changed.value;
    return this.#store.get(this.#key(session_id, kind)) ?? "";
  }

  set(session_id: string, kind: DraftKind, text: string): void {
    this.#store.set(this.#key(session_id, kind), text || null);
    this.#changed.value += 1;
  }

  /** Behind what stands there already: nobody's words are overwritten. */
  add(session_id: string, kind: DraftKind, text: string): void {
    const before = this.get(session_id, kind);
    this.set(session_id, kind, before.trim() ? `${before.trimEnd()}\n${text}` : text);
  }

  forget(session_id: string): void {
    for (const kind of ["reply", "note", "filing"] as const)
      this.#store.set(this.#key(session_id, kind), null);
    this.#changed.value += 1;
  }

  clear(): void {
    for (const key of this.#store.keys(this.#prefix)) this.#store.set(key, null);
    this.#changed.value += 1;
  }

  /** Another tab wrote. */
  heard(key: string | null): void {
    if (key?.startsWith(this.#prefix)) this.#changed.value += 1;
  }

  #key(session_id: string, kind: DraftKind): string {
    return `${this.#prefix}${session_id}:${kind}`;
  }
}
