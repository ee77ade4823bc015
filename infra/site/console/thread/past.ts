import { signal } from "@preact/signals";
import type { Message, Page, Session } from "../../proto/types.gen.ts";
import { rest } from "../account.ts";

const PAGE = 200;
const MOST_PAGES = 25;
const SHOWN_AT_ONCE = 100;

/** An earlier session as far up as it is shown. */
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

/** One customer's sessions, newest first, each read when the reader scrolls up to it and shown a part at a time. */
export class PastTalks {
  /** Those before the present one, as far as they were asked for. */
  readonly sessions = signal<readonly Session[] | null>(null);
  readonly more = signal(false);
  /** Oldest first, as they stand above the present one. */
  readonly shown = signal<readonly Past[]>([]);
  readonly #customer_id: string;
  readonly #but: Session | null;
  #cursor: string | null = null;
  /** Of the topmost one: what is read and not yet shown. */
  #above: readonly Message[] = [];

  /** `but` is the present one, which is shown elsewhere; null: there is none. */
  constructor(customer_id: string, but: Session | null) {
    this.#customer_id = customer_id;
    this.#but = but;
  }

  async list(): Promise<readonly Session[]> {
    return this.sessions.peek() ?? (await this.#read());
  }

  async listMore(): Promise<void> {
    if (this.more.peek()) await this.#read();
  }

  /** The next part above. False: there was none. */
  async showNext(): Promise<boolean> {
    const [top, ...below] = this.shown.peek();
    if (top && this.#above.length > 0) {
      const part = this.#take();
      this.shown.value = [{ ...top, messages: [...part, ...top.messages] }, ...below];
      return true;
    }
    const session = await this.#next();
    if (!session) return false;
    this.#above = await wholeLog(session.session_id);
    this.shown.value = [{ session, messages: this.#take() }, ...this.shown.peek()];
    return true;
  }

  async #next(): Promise<Session | null> {
    const at = this.shown.peek().length;
    const known = await this.list();
    if (at >= known.length) await this.listMore();
    return this.sessions.peek()?.[at] ?? null;
  }

  #take(): readonly Message[] {
    const from = Math.max(0, this.#above.length - SHOWN_AT_ONCE);
    const part = this.#above.slice(from);
    this.#above = this.#above.slice(0, from);
    return part;
  }

  async #read(): Promise<readonly Session[]> {
    const { items, next_cursor } = await rest.get<Page<Session>>("/v1/sessions", {
      query: { customer_id: this.#customer_id, limit: 50, cursor: this.#cursor },
    });
    const but = this.#but;
    const earlier = items
      .filter((one) => !but || (one.session_id !== but.session_id && one.created_at < but.created_at))
      .sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
    this.#cursor = next_cursor;
    this.more.value = next_cursor !== null;
    this.sessions.value = [...(this.sessions.peek() ?? []), ...earlier];
    return this.sessions.value;
  }
}
