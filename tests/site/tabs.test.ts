import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client } from "../../infra/site/core/client.ts";
import { type Channel, type Locks, memoryStore } from "../../infra/site/core/platform.ts";
import { Rest } from "../../infra/site/core/rest.ts";
import { Tabs } from "../../infra/site/core/tabs.ts";
import { FakeServer } from "./server.ts";
import { FakeSocket, FakeTime, fakeWorld, seeded } from "./world.ts";

/** What the tabs of one browser share. */
class Shared {
  readonly kept = new Map<string, string>();
  readonly #ears = new Set<(message: unknown, from: object) => void>();
  #tail: Promise<unknown> = Promise.resolve();

  channel(): Channel {
    const me = {};
    const own = new Set<(message: unknown, from: object) => void>();
    return {
      post: (message) => {
        const copy = structuredClone(message);
        setImmediate(() => {
          for (const ear of this.#ears) ear(copy, me);
        });
      },
      listen: (heard) => {
        const ear = (message: unknown, from: object) => from !== me && heard(message);
        this.#ears.add(ear);
        own.add(ear);
        return () => this.#ears.delete(ear);
      },
      close: () => {
        for (const ear of own) this.#ears.delete(ear);
      },
    };
  }

  locks(): Locks {
    return {
      hold: <T>(_: string, held: () => Promise<T>) => {
        const turn = this.#tail.then(held, held);
        this.#tail = turn.catch(() => undefined);
        return turn;
      },
    };
  }
}

function stage() {
  const time = new FakeTime();
  const random = seeded(11);
  const server = new FakeServer(time, random);
  const shared = new Shared();
  const open = (tabs: Tabs | null) => {
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
    const rest = new Rest({ world, bearer: async () => "ann", renew: async () => null });
    const me = { id: "ann", name: "Ann" };
    const store = memoryStore(shared.kept);
    const client = new Client({ side: "agent", me, rest, world, store, tabs, name: "test", version: "1" });
    client.start();
    client.open("s1");
    return client;
  };
  const tabs = () => new Tabs({ name: "ann", locks: shared.locks(), channel: shared.channel() });
  return { time, server, open, tabs };
}

const texts = (client: Client) => client.talk("s1")?.messages.map((message) => message.text) ?? [];

describe("tabs", () => {
  test("one socket serves all, and what is said in any is seen in all, once", async () => {
    const { time, server, open, tabs } = stage();
    const [first, second] = [open(tabs()), open(tabs())];
    await time.pass(1_000);
    assert.equal(server.connections, 1);
    assert.equal(second.link, "online");
    first.say("s1", "from the first");
    second.say("s1", "from the second");
    await time.pass(2_000);
    assert.deepEqual([...texts(first)].sort(), ["from the first", "from the second"]);
    assert.deepEqual(texts(second), texts(first));
    assert.deepEqual([first.outbox.entries, second.outbox.entries], [[], []]);
    assert.equal(server.resends.absorbed, 0);
    first.stop();
    second.stop();
  });

  test("a command of another tab is carried out by the one that has the socket", async () => {
    const { time, open, tabs } = stage();
    const [first, second] = [open(tabs()), open(tabs())];
    await time.pass(1_000);
    const asked = second.command({ type: "end_session", session_id: "s1" });
    await time.pass(1_000);
    assert.equal((await asked).type, "accepted");
    first.stop();
    second.stop();
  });

  test("when the leading tab goes, the next one leads, and sends what was left", async () => {
    const { time, server, open, tabs } = stage();
    const [first, second] = [open(tabs()), open(tabs())];
    await time.pass(1_000);
    first.stop();
    second.say("s1", "still here");
    await time.pass(5_000);
    assert.equal(second.link, "online");
    assert.equal(server.connections, 1);
    assert.deepEqual(
      server.log.map((message) => message.text),
      ["still here"],
    );
    second.stop();
  });

  test("a tab that comes later knows what the others know", async () => {
    const { time, open, tabs } = stage();
    const first = open(tabs());
    await time.pass(1_000);
    first.say("s1", "before you came");
    await time.pass(1_000);
    const second = open(tabs());
    await time.pass(1_000);
    assert.deepEqual(texts(second), ["before you came"]);
    first.stop();
    second.stop();
  });

  test("without locks every tab leads, and nothing is said twice", async () => {
    const { time, server, open } = stage();
    const none = () => new Tabs({ name: "ann", locks: null, channel: null });
    const [first, second] = [open(none()), open(none())];
    await time.pass(1_000);
    assert.equal(server.connections, 2);
    first.say("s1", "hello");
    await time.pass(2_000);
    assert.deepEqual(texts(second), ["hello"]);
    assert.equal(server.log.length, 1);
    first.stop();
    second.stop();
  });
});
