import type {
  Accepted,
  Command,
  CustomerSession,
  Message,
  Page,
  Refused,
  Session,
  Stored,
} from "../proto/types.gen.ts";
import { ApiError, type Rest } from "./rest.ts";
import type { AnySession, Side } from "./store.ts";

/** The REST twin of what the socket does: for those without one. */
export class Routes {
  readonly #rest: Rest;
  readonly #side: Side;
  readonly #me: string;

  constructor(rest: Rest, side: Side, me: string) {
    this.#rest = rest;
    this.#side = side;
    this.#me = me;
  }

  /** The sessions that are open with this person. */
  async live(): Promise<AnySession[]> {
    if (this.#side === "agent") {
      const page = await this.#rest.get<Page<Session>>("/v1/sessions", {
        query: { tab: "mine", limit: 100 },
      });
      return page.items;
    }
    const current = await this.#rest
      .get<CustomerSession | null>("/v1/widget/sessions/current")
      .catch(nothingThere);
    return current ? [current] : [];
  }

  /** `isPast`: what is over is found in the customer's history alone. */
  async session(session_id: string, isPast: boolean): Promise<AnySession | null> {
    if (this.#side === "agent") return await this.#rest.get<Session>(`/v1/sessions/${session_id}`);
    const [current] = isPast ? [] : await this.live();
    if (current?.session_id === session_id) return current;
    const past = await this.#rest.get<Page<{ session: CustomerSession }>>("/v1/widget/history");
    return past.items.find(({ session }) => session.session_id === session_id)?.session ?? null;
  }

  async messages(
    session_id: string,
    range: { after: number } | { before: number },
    limit: number,
  ): Promise<Message[]> {
    const staff = this.#side === "agent" ? { staff: true } : {};
    const page = await this.#rest.get<Page<Message>>(`${this.#of(session_id)}/messages`, {
      query: { ...range, ...staff, limit },
    });
    return page.items;
  }

  /** Carries a command out over REST. Rejects when there was no answer, or one that may be another the next time. */
  async command(command: Command & { client_id: string }): Promise<Accepted | Refused> {
    const route = this.#routeOf(command);
    if (!route) return refused(command.client_id, new ApiError(0, { code: "no_socket" }, null));
    const [method, path, body] = route;
    try {
      const ask = { body, idempotencyKey: command.client_id };
      const answer = await this.#rest.request<Partial<Accepted & Stored & Session> | null>(method, path, ask);
      return accepted(command.client_id, answer ?? {});
    } catch (failure) {
      const temporary = failure instanceof ApiError && failure.retryAfterS === null && failure.status >= 500;
      if (!(failure instanceof ApiError) || temporary || failure.status === 401) throw failure;
      return refused(command.client_id, failure);
    }
  }

  #of(session_id: string): string {
    return `${this.#side === "agent" ? "/v1/sessions" : "/v1/widget/sessions"}/${session_id}`;
  }

  #routeOf(command: Command & { client_id: string }): [method: string, path: string, body: unknown] | null {
    switch (command.type) {
      case "start_session": {
        const { type: _, ...body } = command;
        return ["POST", "/v1/widget/sessions", body];
      }
      case "send_message": {
        const { type: _, session_id, visibility, ...body } = command;
        return ["POST", `${this.#of(session_id)}/${visibility === "staff" ? "notes" : "messages"}`, body];
      }
      case "mark": {
        const { delivered = null, read = null } = command;
        return ["POST", `${this.#of(command.session_id)}/marks`, { delivered, read }];
      }
      case "end_session":
        return ["POST", `${this.#of(command.session_id)}/end`, {}];
      case "leave_queue":
        return ["POST", `${this.#of(command.session_id)}/leave-queue`, { choice: command.choice ?? "leave" }];
      case "still_here":
        return ["POST", `${this.#of(command.session_id)}/still-here`, {}];
      case "take_session":
        return ["POST", `${this.#of(command.session_id)}/take`, {}];
      case "recall_message":
        return ["POST", `${this.#of(command.session_id)}/messages/${command.seq}/recall`, {}];
      case "resume_session":
        return ["POST", `${this.#of(command.session_id)}/resume`, {}];
      case "requeue_session":
        return ["POST", `${this.#of(command.session_id)}/requeue`, {}];
      case "hold_session":
      case "rate_session": {
        const { type, session_id, client_id: _, ...body } = command;
        return ["POST", `${this.#of(session_id)}/${type === "hold_session" ? "hold" : "rating"}`, body];
      }
      case "file_disposition": {
        const { type: _, session_id, client_id: __, ...body } = command;
        return ["POST", `${this.#of(session_id)}/disposition`, body];
      }
      case "set_routing_status": {
        const { type: _, client_id: __, ...body } = command;
        return ["PUT", `/v1/agents/${this.#me}/routing-status`, body];
      }
      default:
        return null;
    }
  }
}

function accepted(client_id: string, answer: Partial<Accepted & Session>): Accepted {
  return {
    type: "accepted",
    client_id,
    session_id: answer.session_id ?? null,
    seq: answer.seq ?? null,
    staff_seq: answer.staff_seq ?? null,
    message_id: answer.message_id ?? null,
    sent_at: answer.sent_at ?? null,
    number: answer.number ?? null,
    state: answer.state ?? null,
    version: answer.version ?? null,
    head: answer.head ?? null,
    status: answer.status ?? null,
  };
}

function refused(client_id: string, failure: ApiError): Refused {
  return {
    type: "refused",
    client_id,
    code: failure.code,
    detail: failure.detail,
    errors: [...failure.errors],
    retry_after_s: failure.retryAfterS,
    request_id: failure.requestId,
  };
}

/** 404 and 204 both say that there is none. */
function nothingThere(failure: unknown): null {
  if (failure instanceof ApiError && failure.status === 404) return null;
  throw failure;
}
