import { signal } from "@preact/signals";
import type { Message, Page, Session } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";

const PAGE = 200;
const MOST_PAGES = 25;

/** An earlier session, whole. */
export interface Past {
  session: Session;
  messages: readonly Message[];
}

/** A session's whole log over REST, notes in it: for what is over and only read. */
export async function wholeLog(session_id: string): Promise<Message[]> {
  const path = `/v1/sessions/${encodeURIComponent(session_id)}/messages`;
  const found: Message[] = [];
  let cursor: string | null = null;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const page: Page<Message> = await rest.get(path, { query: { cursor, staff: true, limit: PAGE } });
    found.push(...page.items);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return found;
}

/** One customer's earlier sessions, newest first, each read when the reader scrolls up to it. */
export class PastTalks {
  readonly sessions = signal<readonly Session[] | null>(null);
  /** Oldest first, as they stand above the present one. */
  readonly shown = signal<readonly Past[]>([]);
  readonly #customer_id: string;
  readonly #but: Session;

  constructor(but: Session) {
    this.#customer_id = but.customer.id;
    this.#but = but;
  }

  get more(): boolean {
    const known = this.sessions.value;
    return known === null || this.shown.value.length < known.length;
  }

  async list(): Promise<readonly Session[]> {
    const known = this.sessions.peek();
    if (known) return known;
    const { items } = await rest.get<Page<Session>>("/v1/sessions", {
      query: { customer_id: this.#customer_id, limit: 50 },
    });
    const earlier = items
      .filter(
        ({ session_id, created_at }) =>
          session_id !== this.#but.session_id && created_at < this.#but.created_at,
      )
      .sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
    this.sessions.value = earlier;
    return earlier;
  }

  /** The next one above. False: there was none. */
  async showNext(): Promise<boolean> {
    const session = (await this.list())[this.shown.peek().length];
    if (!session) return false;
    const messages = await wholeLog(session.session_id);
    this.shown.value = [{ session, messages }, ...this.shown.peek()];
    return true;
  }
}
