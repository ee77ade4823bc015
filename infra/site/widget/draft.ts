import type { KeptText } from "../core/platform.ts";

const TEXT = "draft";
const CHOICE = "choice";
const ANSWERS = "answers";

/** By the names of the fields that a category asks before the talk. */
export type Told = Readonly<Record<string, string | number | boolean>>;

/** What was typed and not sent, and what it is about: a reload finds both. */
export class Draft {
  readonly #store: KeptText;
  readonly #listeners = new Set<() => void>();
  #text: string;
  #choice: string | null;
  #answers: Told | null;

  constructor(store: KeptText) {
    this.#store = store;
    this.#text = store.get(TEXT) ?? "";
    this.#choice = store.get(CHOICE);
    this.#answers = told(store.get(ANSWERS));
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
    this.#store.set(TEXT, text || null);
    this.#tell();
  }

  get choice(): string | null {
    return this.#choice;
  }

  set choice(category_id: string | null) {
    if (category_id === this.#choice) return;
    this.#choice = category_id;
    this.#store.set(CHOICE, category_id);
    this.answers = null;
  }

  /** What was asked before the talk, once it was answered. */
  get answers(): Told | null {
    return this.#answers;
  }

  set answers(answers: Told | null) {
    this.#answers = answers;
    this.#store.set(ANSWERS, answers && JSON.stringify(answers));
    this.#tell();
  }

  /** Behind what stands there already: nobody's words are overwritten. */
  add(text: string): void {
    this.text = this.#text.trim() ? `${this.#text.trimEnd()}\n${text}` : text;
  }

  subscribe(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #tell(): void {
    for (const changed of [...this.#listeners]) changed();
  }
}

function told(kept: string | null): Told | null {
  try {
    return kept ? (JSON.parse(kept) as Told) : null;
  } catch {
    return null;
  }
}
