import type { By, Message } from "../../infra/site/proto/types.gen.ts";
import { accepted, message, refused, sent, session, welcome } from "./builders.ts";
import { type FakeSocket, type FakeTime, json } from "./world.ts";

type Frame = Record<string, unknown>;

export interface Faults {
  /** Chances from 0 to 1. */
  loseAnswer: number;
  loseCommand: number;
  losePush: number;
  refuseTicket: number;
  /** A push takes up to this long, so that they overtake each other. */
  slowestPushMs: number;
}

export const CALM: Faults = { loseAnswer: 0, loseCommand: 0, losePush: 0, refuseTicket: 0, slowestPushMs: 0 };

/** One session in memory, that keeps the protocol's promises: stored once, told at least nearly. */
export class FakeServer {
  faults: Faults = CALM;
  readonly log: Message[] = [];
  /** As they came: delivered, read. */
  readonly marks: [number, number][] = [];
  version = 1;
  readonly resends = { absorbed: 0, mixedUp: 0 };
  readonly #answers = new Map<string, { body: string; seq: number }>();
  readonly #sockets = new Map<FakeSocket, string>();
  readonly #time: FakeTime;
  readonly #random: () => number;

  constructor(time: FakeTime, random: () => number) {
    this.#time = time;
    this.#random = random;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  tell(event: object): void {
    for (const socket of this.#sockets.keys()) socket.hear(event);
  }

  drop(person?: string): void {
    for (const [socket, who] of [...this.#sockets]) if (!person || who === person) socket.drop();
  }

  accept(socket: FakeSocket): void {
    const person = new URL(socket.url).searchParams.get("ticket") ?? "";
    this.#time.after(5, () => socket.open());
    socket.onClosed = () => this.#sockets.delete(socket);
    this.#sockets.set(socket, person);
  }

  hear(socket: FakeSocket, frame: Frame): void {
    const person = this.#sockets.get(socket);
    if (!person) return;
    this.#time.after(2, () => this.#answer(socket, person, frame));
  }

  rest = (url: string, init: RequestInit): Promise<Response> => {
    if (this.#random() < this.faults.refuseTicket) return Promise.reject(new TypeError("no network"));
    const person = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    const [path = "", query = ""] = url.split("?");
    if (path === "/v1/socket-tickets") {
      return Promise.resolve(json(201, { ticket: person, url: "ws://desk.test/socket", expires_at: "" }));
    }
    if (path.endsWith("/messages") && init.method === "GET") {
      const after = Number(new URLSearchParams(query).get("after") ?? 0);
      return Promise.resolve(json(200, { items: this.#after(after), next_cursor: null }));
    }
    if (path.endsWith("/messages")) {
      const body = JSON.parse(String(init.body)) as Frame;
      const answer = this.#store(person, body);
      return Promise.resolve("code" in answer ? json(409, answer) : json(201, answer));
    }
    if (path.endsWith("/marks")) return Promise.resolve(json(200, {}));
    const list = path === "/v1/sessions";
    return Promise.resolve(
      json(200, list ? { items: [this.#session()], next_cursor: null } : this.#session()),
    );
  };

  #answer(socket: FakeSocket, person: string, frame: Frame): void {
    const client_id = String(frame["client_id"]);
    const heads = { s1: [this.log.length, 0] };
    switch (frame["type"]) {
      case "hello": {
        const asked = frame["catch_up"] as { after: number }[];
        const caught_up = asked.map(({ after }) => this.#caughtUp(after, null));
        socket.hear(welcome({ client_id, sessions: [this.#session()], caught_up, ping_every_s: 30 }));
        break;
      }
      case "ping":
        socket.hear({ type: "pong", client_id, heads, lists: {} });
        break;
      case "catch_up":
        socket.hear(this.#caughtUp(Number(frame["after"]), client_id));
        break;
      case "send_message": {
        if (this.#random() < this.faults.loseCommand) {
          socket.drop();
          break;
        }
        const answer = this.#store(person, frame);
        if (this.#random() < this.faults.loseAnswer) socket.drop();
        else socket.hear(answer);
        break;
      }
      case "start_session": {
        const answer = this.#store(person, { ...frame, after: 0 });
        socket.hear({ ...answer, session_id: "s1" });
        break;
      }
      case "mark":
        this.marks.push([Number(frame["delivered"]), Number(frame["read"])]);
        if (this.#random() < this.faults.loseCommand) socket.drop();
        else socket.hear(accepted(client_id));
        break;
      default:
        if (frame["client_id"]) socket.hear(accepted(client_id));
    }
  }

  #store(person: string, frame: Frame) {
    const client_id = String(frame["client_id"]);
    const { text, after, reply_to } = frame;
    const body = JSON.stringify([text, after, reply_to]);
    const known = this.#answers.get(`${person} ${client_id}`);
    if (known) {
      if (known.body === body) this.resends.absorbed += 1;
      else this.resends.mixedUp += 1;
      return known.body === body
        ? this.#accepted(client_id, known.seq)
        : refused(client_id, "client_id_reused");
    }
    const seq = this.log.length + 1;
    const by: By = { role: person === "ann" ? "agent" : "customer", id: person, name: person };
    const stored = message(seq, { client_id, by, text: String(text) });
    this.log.push(stored);
    this.#answers.set(`${person} ${client_id}`, { body, seq });
    for (const [socket, who] of this.#sockets) {
      if (this.#random() < this.faults.losePush) continue;
      const told = sent(seq, { ...stored, client_id: who === person ? client_id : null });
      this.#time.after(this.#random() * this.faults.slowestPushMs, () => socket.hear(told));
    }
    return this.#accepted(client_id, seq);
  }

  #accepted(client_id: string, seq: number) {
    return accepted(client_id, { seq, message_id: `m${seq}.0`, sent_at: "2026-11-22T09:00:00Z" });
  }

  /** Short pages, so that catching up takes more than one. */
  #after(after: number): Message[] {
    return this.log.slice(after, after + 7);
  }

  #caughtUp(after: number, client_id: string | null) {
    const messages = this.#after(after);
    const head = this.log.length;
    return {
      type: "caught_up" as const,
      client_id,
      session_id: "s1",
      messages,
      head,
      more: after + 7 < head,
    };
  }

  #session() {
    return session({ head: this.log.length, version: this.version });
  }
}
