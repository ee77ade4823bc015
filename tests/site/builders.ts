import type {
  Accepted,
  CustomerSession,
  Message,
  MessageSent,
  Refused,
  SessionChanged,
  Welcome,
} from "../../infra/site/proto/types.gen.ts";

export const AT = "2026-11-22T09:00:00Z";

export function message(seq: number, given: Partial<Message> = {}): Message {
  return {
    session_id: "s1",
    seq,
    staff_seq: null,
    message_id: `m${seq}.${given.staff_seq ?? 0}`,
    client_id: null,
    kind: "text",
    by: { role: "customer", id: "cleo", name: "Cleo" },
    text: `text ${seq}`,
    system: null,
    attachment: null,
    link: null,
    card: null,
    form: null,
    form_answer: null,
    answer_seq: null,
    recalled_at: null,
    reply_to: null,
    sent_at: AT,
    ...given,
  };
}

export function sent(seq: number, given: Partial<Message> = {}): MessageSent {
  return { type: "message.sent", ...message(seq, given) };
}

export function session(given: Partial<CustomerSession> = {}): CustomerSession {
  return {
    session_id: "s1",
    number: "K7Q2-9F3M",
    state: "active",
    version: 1,
    agent: { id: "ann", name: "Ann" },
    category_id: null,
    created_at: AT,
    queued_at: AT,
    assigned_at: AT,
    ended_at: null,
    closed_at: null,
    close_reason: null,
    idle_ends_at: null,
    rating_open_until: null,
    head: 0,
    marks: { customer: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } },
    unread: 0,
    last_message: null,
    ...given,
  };
}

export function changed(version: number, given: Partial<SessionChanged> = {}): SessionChanged {
  return {
    type: "session.changed",
    session_id: "s1",
    number: "K7Q2-9F3M",
    state: "active",
    version,
    agent: { id: "ann", name: "Ann" },
    queue_id: null,
    close_reason: null,
    segment: 2,
    ...given,
  };
}

export function welcome(given: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    client_id: null,
    connection_id: "c1",
    now: AT,
    protocol: 1,
    ping_every_s: 240,
    lease_s: 600,
    renew_after_s: 6_000,
    reconnect_window_s: 30,
    sessions: [],
    caught_up: [],
    routing_status: null,
    ...given,
  };
}

export function accepted(client_id: string, given: Partial<Accepted> = {}): Accepted {
  return {
    type: "accepted",
    client_id,
    session_id: null,
    seq: null,
    staff_seq: null,
    message_id: null,
    sent_at: null,
    number: null,
    state: null,
    version: null,
    head: null,
    status: null,
    ...given,
  };
}

export function refused(client_id: string, code: string, given: Partial<Refused> = {}): Refused {
  return {
    type: "refused",
    client_id,
    code,
    detail: `because ${code}`,
    errors: [],
    retry_after_s: null,
    request_id: null,
    ...given,
  };
}
