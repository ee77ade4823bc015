import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as store from "../../infra/site/core/store.ts";
import type { Event } from "../../infra/site/proto/types.gen.ts";
import { AT, changed, message, sent, session, welcome } from "./builders.ts";

const NOW = 1_000;
const opened = (after = 0) => store.open(store.EMPTY, "s1", after);
const told = (state: store.State, ...events: Event[]) =>
  events.reduce((before, event) => store.reduce(before, event, NOW), state);
const talk = (state: store.State) => {
  const found = state.talks.get("s1");
  assert.ok(found);
  return found;
};
const seqs = (state: store.State) =>
  talk(state).messages.map(({ seq, staff_seq }) => (staff_seq ? [seq, staff_seq] : seq));

describe("messages", () => {
  test("the same message twice changes nothing", () => {
    const once = told(opened(), sent(1), sent(2));
    assert.equal(told(once, sent(2), sent(1)), once);
  });

  test("messages that come late stand where they belong", () => {
    assert.deepEqual(seqs(told(opened(), sent(3), sent(1), sent(2))), [1, 2, 3]);
  });

  test("a hole asks what stands after the highest contiguous message", () => {
    const state = told(opened(), sent(1), sent(2), sent(5));
    assert.deepEqual(store.gaps(state), [{ session_id: "s1", after: 2 }]);
    assert.equal(talk(state).contiguous, 2);
  });

  test("a healed hole asks nothing, and what stood behind it counts", () => {
    const state = told(opened(), sent(1), sent(4), sent(2), sent(3));
    assert.deepEqual(store.gaps(state), []);
    assert.equal(talk(state).contiguous, 4);
  });

  test("a log that is not open has no holes", () => {
    assert.deepEqual(store.gaps(told(store.EMPTY, sent(7))), []);
  });

  test("opening a log asks for its newest page", () => {
    const known = store.learn(store.EMPTY, session({ head: 80 }));
    assert.deepEqual(store.gaps(store.open(known, "s1", 30)), [{ session_id: "s1", after: 30 }]);
  });

  test("a head told by pong shows what was lost", () => {
    const state = told(opened(), sent(1), {
      type: "pong",
      client_id: null,
      heads: { s1: [3, 0] },
      lists: {},
    });
    assert.deepEqual(store.gaps(state), [{ session_id: "s1", after: 1 }]);
  });

  test("notes stand after their message, and none of them may be missing", () => {
    const note = (staff_seq: number) => sent(1, { staff_seq, kind: "note" });
    const state = told(opened(), sent(2), note(2), sent(1));
    assert.deepEqual(seqs(state), [1, [1, 2], 2]);
    assert.deepEqual(store.gaps(state), [{ session_id: "s1", after: 0 }]);
    assert.deepEqual(store.gaps(told(state, note(1))), []);
  });

  test("notes after the newest message are missed by their count", () => {
    const state = told(opened(), sent(1), sent(2), {
      type: "pong",
      client_id: null,
      heads: { s1: [2, 1] },
      lists: {},
    });
    assert.deepEqual(store.gaps(state), [{ session_id: "s1", after: 1 }]);
    assert.deepEqual(store.gaps(told(state, sent(2, { staff_seq: 1, kind: "note" }))), []);
  });

  test("an older page is put in front and moves the floor", () => {
    const state = told(opened(10), sent(11), sent(12));
    const paged = store.prepend(state, "s1", [message(9), message(10)], false);
    assert.deepEqual(seqs(paged), [9, 10, 11, 12]);
    assert.equal(talk(paged).floor, 8);
    assert.equal(talk(paged).contiguous, 12);
    assert.equal(talk(store.prepend(paged, "s1", [], true)).floor, 0);
  });

  test("hello asks for each open log from where its knowledge ends, live ones first", () => {
    let state = told(opened(), sent(1), sent(2), sent(9), changed(2, { state: "closed" }));
    state = store.learn(state, session({ version: 2, state: "closed", head: 9 }));
    state = store.open(state, "s2", 4);
    assert.deepEqual(store.knownHeads(state), [
      { session_id: "s2", after: 4 },
      { session_id: "s1", after: 2 },
    ]);
  });
});

describe("sessions", () => {
  test("an older version never overrides a newer one", () => {
    const state = told(
      store.learn(store.EMPTY, session({ version: 5, state: "wrap_up" })),
      changed(4, { state: "active" }),
    );
    assert.equal(talk(state).session?.state, "wrap_up");
    assert.equal(
      talk(store.learn(state, session({ version: 3, state: "queued" }))).session?.state,
      "wrap_up",
    );
  });

  test("a change is shown at once and asks to be read whole", () => {
    const state = told(store.learn(store.EMPTY, session()), changed(2, { state: "on_hold" }));
    assert.equal(talk(state).session?.state, "on_hold");
    assert.equal(talk(state).stale, true);
    assert.equal(talk(store.learn(state, session({ version: 2, state: "on_hold" }))).stale, false);
  });

  test("the same change twice changes nothing", () => {
    const once = told(store.learn(store.EMPTY, session()), changed(2));
    assert.equal(told(once, changed(2)), once);
  });

  test("marks only move forward", () => {
    const move = (read: number): Event => ({
      type: "mark.moved",
      session_id: "s1",
      by: "agent",
      mark: { delivered: read, read },
    });
    const state = told(opened(), move(4), move(2));
    assert.deepEqual(talk(state).marks.agent, { delivered: 4, read: 4 });
    assert.equal(told(state, move(4)), state);
  });

  test("unread is what the other side said after the mark", () => {
    const ann = { role: "agent", id: "ann", name: "Ann" } as const;
    const state = told(opened(), sent(1), sent(2, { by: ann }), sent(3), sent(4));
    assert.equal(store.unread(talk(state), "agent"), 3);
    const read = told(state, {
      type: "mark.moved",
      session_id: "s1",
      by: "agent",
      mark: { delivered: 3, read: 3 },
    });
    assert.equal(store.unread(talk(read), "agent"), 1);
    assert.equal(store.unread(talk(read), "customer"), 1);
  });

  test("typing passes by itself, and with the message", () => {
    const by = { role: "customer", id: "cleo", name: "Cleo" } as const;
    const typing = told(opened(), { type: "typing", session_id: "s1", by, on: true });
    assert.deepEqual(store.typingNow(talk(typing), NOW + 5_000), [by]);
    assert.deepEqual(store.typingNow(talk(typing), NOW + 6_001), []);
    assert.deepEqual(store.typingNow(talk(told(typing, sent(1))), NOW), []);
  });

  test("welcome brings sessions, what was missed, and the status", () => {
    const caught = {
      type: "caught_up",
      client_id: null,
      session_id: "s1",
      messages: [message(2)],
      head: 2,
      more: false,
    } as const;
    const state = told(
      told(opened(), sent(1)),
      welcome({
        sessions: [session({ head: 2 })],
        caught_up: [{ ...caught, messages: [message(2)] }],
        routing_status: "busy",
      }),
    );
    assert.deepEqual(seqs(state), [1, 2]);
    assert.equal(state.routingStatus, "busy");
    assert.deepEqual(store.gaps(state), []);
  });

  test("the question whether the customer is still there stands until they say something", () => {
    const ends_at = "2026-11-22T09:08:00Z";
    const system = { code: "idle_warned", about: {} } as const;
    const by = { role: "system", id: null, name: null } as const;
    const quiet = told(store.learn(opened(), session()), sent(1));
    const asked = told(
      told(quiet, { type: "idle.warned", session_id: "s1", ends_at }),
      sent(2, { kind: "system", by, system }),
    );
    assert.equal(store.idleEndsAt(talk(quiet)), null);
    assert.equal(store.idleEndsAt(talk(asked)), ends_at);
    assert.equal(store.idleEndsAt(talk(told(asked, sent(3)))), null);
    assert.equal(told(asked, { type: "idle.warned", session_id: "s1", ends_at }), asked);
  });

  test("what was taken back says nothing, and twice is once", () => {
    const recall = {
      ...message(2, { kind: "recall", text: null, reply_to: 1 }),
      type: "message.recalled",
    } as const;
    const state = told(told(opened(), sent(1)), recall);
    assert.deepEqual([talk(state).messages[0]?.text, talk(state).messages[0]?.recalled_at], [null, AT]);
    assert.deepEqual(seqs(state), [1, 2]);
    assert.equal(told(state, recall), state);
  });

  test("what was taken back has no file any more, and is nothing to read", () => {
    const file = { attachment_id: "a1", kind: "file", name: "x", size: 1, content_type: "x" } as const;
    const facts = {
      width: null,
      height: null,
      duration_ms: null,
      waveform: null,
      thumbnail: null,
      gone: false,
    };
    const told1 = told(opened(), sent(1, { kind: "file", text: null, attachment: { ...file, ...facts } }));
    const recall = message(2, { kind: "recall", text: null, reply_to: 1 });
    const state = told(told1, { ...recall, type: "message.recalled" });
    assert.equal(talk(state).messages[0]?.attachment, null);
    assert.equal(store.unread(talk(state), "agent"), 1);
  });

  test("a form's first answer is its answer", () => {
    const form = { fields: [{ name: "street", label: "Street" }] };
    const answer = { kind: "form_answer", text: null, reply_to: 1, form_answer: { values: {} } } as const;
    const asked = told(opened(), sent(1, { kind: "form", text: null, form }));
    const state = told(told(asked, sent(2, answer)), sent(3, answer));
    assert.equal(talk(state).messages[0]?.answer_seq, 2);
  });

  test("an invitation to rate is known, and until when it is open", () => {
    const state = opened();
    const invited = told(state, { type: "rating.asked", session_id: "s1", open_until: null });
    assert.equal(talk(invited).ratingAsked, true);
    const asked = { type: "rating.asked", session_id: "s1", open_until: AT } as const;
    const ended = told(store.learn(state, session()), asked);
    assert.equal(talk(ended).session?.rating_open_until, AT);
    assert.equal(told(ended, asked), ended);
  });

  test("what was heard goes as far as nothing is missing, and is the other side's", () => {
    const ann = { role: "agent", id: "ann", name: "Ann" } as const;
    const state = told(told(told(opened(), sent(1)), sent(2, { by: ann })), sent(4));
    assert.equal(store.heardUpTo(talk(state), "agent"), 1);
    assert.equal(store.heardUpTo(talk(state), "customer"), 2);
  });

  test("an event that this page is too old for changes nothing", () => {
    const state = opened();
    assert.equal(store.reduce(state, { type: "moon.risen" } as unknown as Event, NOW), state);
  });
});
