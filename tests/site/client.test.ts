import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client, CommandRefused } from "../../infra/site/core/client.ts";
import { memoryStore } from "../../infra/site/core/platform.ts";
import { Rest } from "../../infra/site/core/rest.ts";
import { changed } from "./builders.ts";
import { CALM, FakeServer } from "./server.ts";
import { FakeSocket, FakeTime, fakeWorld, seeded } from "./world.ts";

async function stage() {
  const time = new FakeTime();
  const random = seeded(4);
  const server = new FakeServer(time, random);
  const world = fakeWorld({
    time,
    random,
    fetch: server.rest,
    socket(url) {
      const socket = new FakeSocket(url, (from, frame) => server.hear(from, frame));
      server.accept(socket);
      return socket;
    },
  });
  const rest = new Rest({ world, bearer: async () => "cleo", renew: async () => null });
  const me = { id: "cleo", name: "Cleo" };
  const store = memoryStore();
  const client = new Client({
    side: "customer",
    me,
    rest,
    world,
    store,
    tabs: null,
    name: "test",
    version: "1",
  });
  client.start();
  await time.pass(100);
  return { client, server, time, world };
}

describe("a client", () => {
  test("starts a session with words, and more before the answer, none of them twice", async () => {
    const { client, time } = await stage();
    const start = client.startSession({ category_id: "refunds" }, "my refund?");
    client.outbox.sayNext(start.client_id, "it is late");
    await time.pass(2_000);
    assert.deepEqual(
      client.talk("s1")?.messages.map(({ text }) => text),
      ["my refund?", "it is late"],
    );
    assert.deepEqual(client.outbox.entries, []);
    assert.equal(client.talk("s1")?.session?.number, "K7Q2-9F3M");
  });

  test("sends one mark for many, and again where its answer was lost", async () => {
    const { client, server, time } = await stage();
    client.open("s1");
    server.faults = { ...CALM, loseCommand: 1 };
    for (const read of [1, 2, 3]) client.mark("s1", { read });
    await time.pass(300);
    assert.deepEqual(server.marks, [[3, 3]]);
    server.faults = CALM;
    await time.pass(5_000);
    assert.deepEqual(server.marks, [
      [3, 3],
      [3, 3],
    ]);
    assert.equal(client.talk("s1")?.marks.customer.read, 3);
    client.mark("s1", { read: 2 });
    await time.pass(1_000);
    assert.equal(server.marks.length, 2);
  });

  test("reads a changed session whole, once", async () => {
    const { client, server, time } = await stage();
    server.version = 2;
    server.tell(changed(2, { state: "on_hold" }));
    assert.equal(client.talk("s1")?.stale, true);
    await time.pass(500);
    assert.equal(client.talk("s1")?.stale, false);
    assert.equal(client.talk("s1")?.version, 2);
  });

  test("tells typing at most every three seconds, and its end once", async () => {
    const { client, time, world } = await stage();
    for (let second = 0; second < 7; second += 1) {
      client.typing("s1", true);
      await time.pass(1_000);
    }
    client.typing("s1", false);
    client.typing("s1", false);
    const typed = world.sockets[0]?.sent
      .filter((frame) => frame["type"] === "typing")
      .map((frame) => frame["on"]);
    assert.deepEqual(typed, [true, true, true, false]);
  });

  test("a refused command says why", async () => {
    const { client, time, world } = await stage();
    const asked = client.command({ type: "end_session", session_id: "s1" }, "c9");
    world.sockets[0]?.hear({ type: "refused", client_id: "c9", code: "session_over", detail: "it is over" });
    await assert.rejects(
      asked,
      (failure: unknown) => failure instanceof CommandRefused && failure.code === "session_over",
    );
    await time.pass(10);
  });

  test("calls its listeners once for all changes of a moment", async () => {
    const { client, server, time } = await stage();
    let calls = 0;
    client.subscribe(() => {
      calls += 1;
    });
    server.tell(changed(5));
    server.tell(changed(6));
    await time.pass(0);
    assert.equal(calls, 1);
  });
});
