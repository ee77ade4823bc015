import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Client } from "../../infra/site/core/client.ts";
import { memoryStore } from "../../infra/site/core/platform.ts";
import { Rest } from "../../infra/site/core/rest.ts";
import type { Side } from "../../infra/site/core/store.ts";
import { CALM, FakeServer } from "./server.ts";
import { FakeSocket, FakeTime, fakeWorld, seeded } from "./world.ts";

/** A browser that can be reloaded: what is in its store stays, the rest goes. */
class Browser {
  readonly said: string[] = [];
  client: Client;
  readonly #kept = new Map<string, string>();
  readonly #make: () => Client;

  constructor(who: string, side: Side, server: FakeServer, time: FakeTime, random: () => number) {
    this.#make = () => {
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
      const rest = new Rest({ world, bearer: async () => who, renew: async () => null });
      const store = memoryStore(this.#kept);
      const me = { id: who, name: who };
      return new Client({ side, me, rest, world, store, tabs: null, name: "test", version: "1" });
    };
    this.client = this.#open();
  }

  say(text: string): void {
    this.said.push(text);
    this.client.say("s1", text);
  }

  reload(): void {
    this.client.stop();
    this.client = this.#open();
  }

  get texts(): (string | null)[] {
    return this.client.talk("s1")?.messages.map((message) => message.text) ?? [];
  }

  #open(): Client {
    const client = this.#make();
    client.open("s1");
    client.start();
    return client;
  }
}

interface Stage {
  time: FakeTime;
  random: () => number;
  server: FakeServer;
  cleo: Browser;
  ann: Browser;
}

async function stage(seed: number): Promise<Stage> {
  const random = seeded(seed);
  const time = new FakeTime();
  const server = new FakeServer(time, random);
  const cleo = new Browser("cleo", "customer", server, time, random);
  const ann = new Browser("ann", "agent", server, time, random);
  await time.pass(100);
  return { time, random, server, cleo, ann };
}

async function havoc({ time, random, server, cleo, ann }: Stage): Promise<void> {
  server.faults = {
    loseAnswer: 0.15,
    loseCommand: 0.1,
    losePush: 0.15,
    refuseTicket: 0.2,
    slowestPushMs: 300,
  };
  for (let turn = 0; turn < 60; turn += 1) {
    const browser = random() < 0.5 ? cleo : ann;
    browser.say(`${turn} of ${browser === cleo ? "cleo" : "ann"}`);
    const luck = random();
    if (luck < 0.08) server.drop();
    else if (luck < 0.16) server.drop("cleo");
    else if (luck < 0.24) browser.reload();
    await time.pass(random() * 400);
  }
  server.faults = CALM;
  await time.pass(180_000);
}

function assertWhole(browser: Browser, truth: (string | null)[]): void {
  const own = new Set<string | null>(browser.said);
  assert.deepEqual(browser.texts, truth, "equal");
  assert.deepEqual(
    truth.filter((text) => own.has(text)),
    browser.said,
    "each once, in the order of saying",
  );
  assert.deepEqual(browser.client.outbox.entries, []);
  assert.equal(browser.client.talk("s1")?.contiguous, truth.length);
}

describe("chaos of dropped sockets, lost answers and pushes, reordered pushes and reloads", () => {
  const resends = { absorbed: 0 };

  for (let seed = 0; seed < 25; seed += 1) {
    test(`ends equal, ordered, unique, with nothing lost (seed ${seed})`, async () => {
      const on = await stage(seed);
      await havoc(on);
      const { server, cleo, ann } = on;
      const truth = server.log.map((message) => message.text);
      assertWhole(cleo, truth);
      assertWhole(ann, truth);
      assert.equal(new Set(truth).size, truth.length);
      assert.equal(server.resends.mixedUp, 0);
      assert.equal(server.connections, 2);
      resends.absorbed += server.resends.absorbed;
    });
  }

  test("and it was chaos: answers were lost, and messages sent again", () => {
    assert.ok(resends.absorbed > 25, `${resends.absorbed}`);
  });
});

test("without sockets messages still go and come, over REST", async () => {
  const time = new FakeTime();
  const server = new FakeServer(time, seeded(3));
  const world = fakeWorld({
    time,
    fetch: server.rest,
    socket(url) {
      const socket = new FakeSocket(url);
      time.after(5, () => socket.drop());
      return socket;
    },
  });
  const rest = new Rest({ world, bearer: async () => "cleo", renew: async () => null });
  const me = { id: "cleo", name: "Cleo" };
  const client = new Client({
    side: "customer",
    me,
    rest,
    world,
    store: memoryStore(),
    tabs: null,
    name: "test",
    version: "1",
  });
  client.open("s1");
  client.start();
  client.say("s1", "can you hear me?");
  await time.pass(30_000);
  assert.equal(client.link, "polling");
  assert.deepEqual(
    server.log.map((message) => message.text),
    ["can you hear me?"],
  );
  assert.deepEqual(
    client.talk("s1")?.messages.map((message) => message.text),
    ["can you hear me?"],
  );
  client.stop();
});
