import type { Client } from "../core/client.ts";
import type { Rest } from "../core/rest.ts";
import type { CustomerSession, Message, Page } from "../proto/types.gen.ts";
import { type Section, sectionsOf } from "./thread.ts";

/** As the server tells a past session: with its newest messages, oldest first. */
interface Told {
  session: CustomerSession;
  messages: Message[];
  more: boolean;
}

const PAGE = 50;

/** The scroll upwards: through this session, then the one before it, to the very first. */
export class Past {
  sections: readonly Section[] = [];
  state: "idle" | "loading" | "failed" | "complete" = "idle";
  readonly #rest: Rest;
  readonly #client: Client;
  readonly #onChange: () => void;
  #cursor: string | null = null;
  #asked = false;

  constructor(rest: Rest, client: Client, onChange: () => void) {
    this.#rest = rest;
    this.#client = client;
    this.#onChange = onChange;
  }

  /** The next piece upwards. Safe to ask again and again. */
  async older(): Promise<void> {
    if (this.state === "loading" || this.state === "complete") return;
    this.#become("loading");
    try {
      const [top] = sectionsOf(this.#client.state, this.sections);
      if (!top?.more) await this.#sessions();
      else if (this.#client.talk(top.session_id)?.floor != null) await this.#client.older(top.session_id);
      else await this.#messages(top);
      this.#become(this.#done() ? "complete" : "idle");
    } catch {
      this.#become("failed");
    }
  }

  #done(): boolean {
    const [top] = sectionsOf(this.#client.state, this.sections);
    return this.#asked && this.#cursor === null && !top?.more;
  }

  async #sessions(): Promise<void> {
    const page = await this.#rest.get<Page<Told>>("/v1/widget/history", { query: { cursor: this.#cursor } });
    this.#asked = true;
    this.#cursor = page.next_cursor;
    const held = new Set(this.sections.map((section) => section.session_id));
    const told = page.items
      .filter(({ session }) => !held.has(session.session_id))
      .map(({ session, messages, more }) => ({ session_id: session.session_id, session, messages, more }));
    this.sections = [...told, ...this.sections];
  }

  async #messages(top: Section): Promise<void> {
    const before = top.messages[0]?.seq ?? 1;
    const page = await this.#rest.get<Page<Message>>(`/v1/widget/sessions/${top.session_id}/messages`, {
      query: { before, limit: PAGE },
    });
    const more = page.items.length > 0 && page.items[0]?.seq !== 1;
    const longer = { ...top, messages: [...page.items, ...top.messages], more };
    this.sections = this.sections.map((section) =>
      section.session_id === top.session_id ? longer : section,
    );
  }

  #become(state: Past["state"]): void {
    this.state = state;
    this.#onChange();
  }
}
