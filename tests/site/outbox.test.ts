import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ulids } from "../../infra/site/core/ids.ts";
import { asMessage, type Entry, Outbox } from "../../infra/site/core/outbox.ts";
import { memoryStore } from "../../infra/site/core/platform.ts";
import type { Accepted, Refused } from "../../infra/site/proto/types.gen.ts";
import { accepted, refused } from "./builders.ts";
import { FakeTime, seeded } from "./world.ts";

function outbox(kept = new Map<string, string>(), time = new FakeTime()) {
  const world = {
    now: () => time.now(),
    after: time.after.bind(time),
    cancel: time.cancel.bind(time),
    random: seeded(7),
  };
  const way: { sent: Entry[]; answer: (entry: Entry) => Promise<Accepted | Refused>; done: Accepted[] } = {
    sent: [],
    answer: (entry) => Promise.resolve(accepted(entry.client_id, { seq: way.sent.length })),
    done: [],
  };
  const box = new Outbox({
    scope: "customer:cleo",
    store: memoryStore(kept),
    world,
    newId: ulids(world),
    send(entry) {
      way.sent.push(entry);
      return way.answer(entry);
    },
    onAccepted: (_, answer) => way.done.push(answer),
    onChange: () => undefined,
  });
  return { box, way, time, kept };
}

describe("outbox", () => {
  test("words are in the store before the call returns, and survive a reload", () => {
    const { box, kept } = outbox();
    const entry = box.say("s1", { text: "你好", after: 3 });
    const { box: reloaded } = outbox(kept);
    assert.deepEqual(reloaded.entries, [entry]);
  });

  test("a file goes with what it is, and is shown as it will stand", () => {
    const { box } = outbox();
    const facts = { width: 8, height: 6, duration_ms: null, waveform: null, thumbnail: null, gone: false };
    const file = { attachment_id: "a1", name: "x.png", size: 1, content_type: "image/png", ...facts };
    const said = { kind: "image", attachment: { ...file, kind: "image" } } as const;
    const entry = box.say("s1", { text: "", after: 3, said });
    const by = { role: "customer", id: "cleo", name: null } as const;
    const { kind, text, attachment } = asMessage(entry, by);
    assert.deepEqual({ kind, text, attachment }, { kind: "image", text: null, attachment: said.attachment });
  });

  test("what got no answer goes again with the same id and the same after", async () => {
    const { box, way, time } = outbox();
    way.answer = () => Promise.reject(new Error("lost"));
    box.say("s1", { text: "one", after: 3 });
    box.resume();
    await time.pass(0);
    way.answer = (entry) => Promise.resolve(accepted(entry.client_id));
    await time.pass(5_000);
    assert.equal(way.sent.length, 2);
    assert.deepEqual(way.sent[0], way.sent[1]);
    assert.deepEqual(box.entries, []);
  });

  test("one at a time for a session, in order; sessions do not wait for each other", async () => {
    const { box, way, time } = outbox();
    const answers: (() => void)[] = [];
    way.answer = (entry) => new Promise((resolve) => answers.push(() => resolve(accepted(entry.client_id))));
    box.resume();
    for (const text of ["a", "b", "c"]) box.say("s1", { text, after: 0 });
    box.say("s2", { text: "x", after: 0 });
    assert.deepEqual(
      way.sent.map((entry) => entry.text),
      ["a", "x"],
    );
    answers[0]?.();
    await time.pass(0);
    assert.deepEqual(
      way.sent.map((entry) => entry.text),
      ["a", "x", "b"],
    );
  });

  test("a refusal keeps the words and says why; trying again keeps the id", async () => {
    const { box, way, time } = outbox();
    way.answer = (entry) => Promise.resolve(refused(entry.client_id, "session_over"));
    box.resume();
    const { client_id } = box.say("s1", { text: "wait!", after: 0 });
    await time.pass(60_000);
    assert.equal(way.sent.length, 1);
    assert.deepEqual(
      box.entries.map(({ text, state, code }) => [text, state, code]),
      [["wait!", "refused", "session_over"]],
    );
    way.answer = (entry) => Promise.resolve(accepted(entry.client_id));
    box.retry(client_id);
    await time.pass(0);
    assert.equal(way.sent[1]?.client_id, client_id);
    assert.deepEqual(box.entries, []);
  });

  test("a new id only where the old one was another message's", async () => {
    const { box, way, time } = outbox();
    way.answer = (entry) => Promise.resolve(refused(entry.client_id, "client_id_reused"));
    box.resume();
    const { client_id } = box.say("s1", { text: "again", after: 2 });
    await time.pass(0);
    way.answer = (entry) => Promise.resolve(accepted(entry.client_id));
    box.retry(client_id);
    await time.pass(0);
    assert.notEqual(way.sent[1]?.client_id, client_id);
    assert.equal(way.sent[1]?.text, "again");
    assert.equal(way.sent[1]?.after, 2);
  });

  test("a refusal that names a time is waited out", async () => {
    const { box, way, time } = outbox();
    way.answer = (entry) => Promise.resolve(refused(entry.client_id, "rate_limited", { retry_after_s: 10 }));
    box.resume();
    box.say("s1", { text: "quick", after: 0 });
    await time.pass(9_000);
    assert.equal(way.sent.length, 1);
    assert.equal(box.entries[0]?.state, "pending");
    way.answer = (entry) => Promise.resolve(accepted(entry.client_id));
    await time.pass(5_000);
    assert.deepEqual(box.entries, []);
  });

  test("words written before the session is accepted follow it, in order", async () => {
    const { box, way, time } = outbox();
    const start = box.start({ category_id: "refunds" }, "first");
    box.sayNext(start.client_id, "second");
    box.sayNext(start.client_id, "third");
    way.answer = (entry) => Promise.resolve(accepted(entry.client_id, { session_id: "s9" }));
    box.resume();
    await time.pass(0);
    assert.deepEqual(
      way.sent.map(({ text, session_id }) => [text, session_id]),
      [
        ["first", null],
        ["second", "s9"],
        ["third", "s9"],
      ],
    );
  });

  test("what starts a session waits for what was written before, which may be for the one that goes on", async () => {
    const { box, way, time } = outbox();
    const answers: (() => void)[] = [];
    way.answer = (entry) => new Promise((resolve) => answers.push(() => resolve(accepted(entry.client_id))));
    box.say("s1", { text: "before the end", after: 0 });
    box.start({}, "after the end");
    box.resume();
    await time.pass(0);
    assert.deepEqual(
      way.sent.map((entry) => entry.text),
      ["before the end"],
    );
    answers[0]?.();
    await time.pass(0);
    assert.deepEqual(
      way.sent.map((entry) => entry.text),
      ["before the end", "after the end"],
    );
  });

  test("what is seen in the log is not sent again, though its answer was lost", async () => {
    const { box, way, time } = outbox();
    way.answer = () => Promise.reject(new Error("lost"));
    const { client_id } = box.say("s1", { text: "once", after: 0 });
    box.resume();
    await time.pass(0);
    box.seen(client_id);
    await time.pass(60_000);
    assert.equal(way.sent.length, 1);
  });

  test("another person in the same browser does not send it", () => {
    const { box, kept } = outbox();
    box.say("s1", { text: "mine", after: 0 });
    const theirs = new Outbox({
      scope: "customer:mallory",
      store: memoryStore(kept),
      world: { ...new FakeTime(), now: () => 0, after: () => 0, cancel: () => undefined, random: seeded(1) },
      newId: () => "x",
      send: () => Promise.reject(new Error()),
      onAccepted: () => undefined,
      onChange: () => undefined,
    });
    assert.deepEqual(theirs.entries, []);
  });
});
