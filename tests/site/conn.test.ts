import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Conn, ConnectionLost, type ConnOptions, type LinkState } from "../../infra/site/core/conn.ts";
import { ulids } from "../../infra/site/core/ids.ts";
import { Rest } from "../../infra/site/core/rest.ts";
import type { Event } from "../../infra/site/proto/types.gen.ts";
import { accepted, refused, welcome } from "./builders.ts";
import { FakeSocket, type FakeWorld, fakeWorld, json } from "./world.ts";

type Reply = (socket: FakeSocket, frame: Record<string, unknown>) => void;

interface Stage {
  conn: Conn;
  world: FakeWorld;
  states: LinkState[];
  events: Event[];
  tickets: { count: number; answer: () => Promise<Response> };
  /** How the server answers; replace it to misbehave. */
  reply: { to: Reply; opens: boolean };
}

const POLITE: Reply = (socket, frame) => {
  if (frame["type"] === "hello") socket.hear(welcome({ client_id: String(frame["client_id"]) }));
  if (frame["type"] === "ping") {
    socket.hear({ type: "pong", client_id: frame["client_id"], heads: {}, lists: {} });
  }
};

function set(given: Partial<ConnOptions> = {}): Stage {
  const reply: Stage["reply"] = { to: POLITE, opens: true };
  const tickets: Stage["tickets"] = {
    count: 0,
    answer: () =>
      Promise.resolve(
        json(201, { ticket: `t${tickets.count}`, url: "ws://desk.test/socket", expires_at: "" }),
      ),
  };
  const world = fakeWorld({
    fetch() {
      tickets.count += 1;
      return tickets.answer();
    },
    socket(url) {
      const socket = new FakeSocket(url, (from, frame) => reply.to(from, frame));
      if (reply.opens) world.after(1, () => socket.open());
      return socket;
    },
  });
  const states: LinkState[] = [];
  const events: Event[] = [];
  const conn = new Conn({
    rest: new Rest({ world, bearer: async () => "token", renew: async () => null }),
    world,
    newId: ulids(world),
    client: "test",
    version: "1",
    heads: () => [{ session_id: "s1", after: 4 }],
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    ...given,
  });
  return { conn, world, states, events, tickets, reply };
}

async function online(given: Partial<ConnOptions> = {}): Promise<Stage> {
  const made = set(given);
  made.conn.start();
  await made.world.time.pass(10);
  assert.equal(made.conn.state, "online");
  return made;
}

const last = (world: FakeWorld): FakeSocket => {
  const socket = world.sockets.at(-1);
  assert.ok(socket);
  return socket;
};

describe("connecting", () => {
  test("a ticket, then the socket, then hello with what is known", async () => {
    const { world, states } = await online();
    assert.equal(last(world).url, "ws://desk.test/socket?ticket=t1");
    const [hello] = last(world).sent;
    assert.equal(hello?.["type"], "hello");
    assert.deepEqual(hello?.["catch_up"], [{ session_id: "s1", after: 4 }]);
    assert.deepEqual(states, ["connecting", "online"]);
  });

  test("tries again for ever, at longer and longer intervals, never longer than half a minute or so", async () => {
    const { conn, world, tickets } = set();
    tickets.answer = () => Promise.reject(new TypeError("no network"));
    conn.start();
    const tries: number[] = [];
    for (let second = 0; second < 3_600; second += 1) {
      const before = tickets.count;
      await world.time.pass(1_000);
      if (tickets.count > before) tries.push(second);
    }
    assert.ok(tries.length > 100, `${tries.length} tries`);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    assert.ok(Math.max(...pauses) <= 32);
    conn.stop();
  });

  test("a refused ticket signs out, and no more is asked", async () => {
    const { conn, world, tickets } = set();
    tickets.answer = () => Promise.resolve(json(401, { code: "unauthenticated", detail: "no" }));
    conn.start();
    await world.time.pass(600_000);
    assert.equal(conn.state, "signed_out");
    assert.equal(tickets.count, 1);
  });

  test("a busy server names the wait", async () => {
    const { conn, world, tickets } = set();
    tickets.answer = () =>
      Promise.resolve(json(503, { code: "busy", detail: "later" }, { "Retry-After": "60" }));
    conn.start();
    await world.time.pass(59_000);
    assert.equal(tickets.count, 1);
    await world.time.pass(5_000);
    assert.equal(tickets.count, 2);
  });

  test("a page that is too old says so and stops", async () => {
    const { conn, world, reply } = set();
    reply.to = (socket, frame) => socket.hear(refused(String(frame["client_id"]), "reload"));
    conn.start();
    await world.time.pass(60_000);
    assert.equal(conn.state, "reload");
    assert.equal(world.sockets.length, 1);
  });

  test("a socket without welcome is given up", async () => {
    const { conn, world, reply } = set();
    reply.to = () => undefined;
    conn.start();
    await world.time.pass(13_000);
    assert.ok(world.sockets.length >= 2);
    assert.equal(world.sockets[0]?.readyState, 3);
  });

  test("after three failures REST stands in, until the socket is back", async () => {
    let polls = 0;
    const { conn, world, reply, states } = set({
      poll: async () => {
        polls += 1;
      },
    });
    reply.to = (socket) => socket.drop();
    conn.start();
    await world.time.pass(60_000);
    assert.equal(conn.state, "polling");
    assert.ok(polls >= 5);
    reply.to = POLITE;
    world.wake();
    await world.time.pass(100);
    assert.equal(states.at(-1), "online");
    const then = polls;
    await world.time.pass(60_000);
    assert.equal(polls, then);
  });
});

describe("staying", () => {
  test("a dropped socket comes back within moments", async () => {
    const { conn, world } = await online();
    last(world).drop();
    assert.equal(conn.state, "waiting");
    await world.time.pass(2_000);
    assert.equal(conn.state, "online");
  });

  test("a socket that says nothing any more is dead ten seconds after the ping", async () => {
    const { conn, world, reply } = await online();
    reply.to = () => undefined;
    await world.time.pass(240_000 + 10_000);
    assert.notEqual(conn.state, "online");
    reply.to = POLITE;
    await world.time.pass(15_000);
    assert.equal(conn.state, "online");
  });

  test("a socket that answers lives", async () => {
    const { conn, world } = await online();
    await world.time.pass(3_600_000);
    assert.equal(conn.state, "online");
    assert.equal(world.sockets.length, 1);
  });

  test("who comes back waits four seconds for a dead socket, not minutes", async () => {
    const { conn, world, reply } = await online();
    reply.to = (socket, frame) => (socket === world.sockets[0] ? undefined : POLITE(socket, frame));
    await world.time.pass(1_000);
    world.wake();
    await world.time.pass(6_000);
    assert.equal(conn.state, "online");
    assert.equal(world.sockets.length, 2);
  });

  test("renews before its time, the new one first", async () => {
    const { conn, world, states } = await online();
    await world.time.pass(6_000_000);
    assert.equal(world.sockets.length, 2);
    assert.equal(world.sockets[0]?.readyState, 3);
    assert.deepEqual(states, ["connecting", "online"]);
    assert.ok(conn.online);
  });

  test("a draining server is left within the window it named", async () => {
    const { conn, world, states } = await online();
    last(world).hear({ type: "server.draining" });
    await world.time.pass(31_000);
    assert.equal(world.sockets.length, 2);
    assert.ok(conn.online);
    assert.deepEqual(states, ["connecting", "online"]);
  });

  test("stopped is stopped", async () => {
    const { conn, world } = await online();
    conn.stop();
    await world.time.pass(60_000);
    world.wake();
    await world.time.pass(60_000);
    assert.equal(conn.state, "stopped");
    assert.equal(world.sockets.length, 1);
  });

  test("a frame that is none does no harm", async () => {
    const { conn, world } = await online();
    const socket = last(world);
    for (const data of ["", "[]", "null", "7", '{"type":3}', "{"]) socket.onmessage?.({ data });
    assert.ok(conn.online);
  });
});

describe("asking", () => {
  const command = { type: "end_session", client_id: "c1", session_id: "s1" } as const;

  test("the answer with the same id is the answer", async () => {
    const { conn, world } = await online();
    const asked = conn.request(command);
    last(world).hear(accepted("other"));
    last(world).hear(accepted("c1", { state: "wrap_up" }));
    assert.equal(((await asked) as { state: string }).state, "wrap_up");
  });

  test("a lost socket leaves it open whether it was done", async () => {
    const { conn, world } = await online();
    const asked = conn.request(command);
    last(world).drop();
    await assert.rejects(asked, ConnectionLost);
  });

  test("without a socket nothing is asked", async () => {
    await assert.rejects(set().conn.request(command), ConnectionLost);
    assert.equal(set().conn.notify(command), false);
  });

  test("what was asked before a renewal is still answered", async () => {
    const { conn, world, reply } = set();
    reply.to = (socket, frame) =>
      socket.hear(welcome({ client_id: String(frame["client_id"]), reconnect_window_s: 5 }));
    conn.start();
    await world.time.pass(10);
    const old = last(world);
    reply.to = (socket, frame) => (frame["type"] === "hello" ? POLITE(socket, frame) : undefined);
    const asked = conn.request(command);
    old.hear({ type: "server.draining" });
    await world.time.pass(6_000);
    assert.equal(world.sockets.length, 2);
    assert.equal(old.readyState, 1);
    old.hear(accepted("c1"));
    assert.equal((await asked).type, "accepted");
    assert.equal(old.readyState, 3);
  });
});
