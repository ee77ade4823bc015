import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KeptText } from "../../infra/site/core/platform.ts";
import { Draft } from "../../infra/site/widget/draft.ts";

function memory(): KeptText {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)),
    keys: (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
  };
}

describe("what is not sent yet", () => {
  it("keeps what was answered before the talk over a reload, as long as the topic is the same", () => {
    const store = memory();
    const draft = new Draft(store);
    draft.choice = "orders";
    draft.answers = { order: "4711", gift: true };

    assert.deepEqual(new Draft(store).answers, { order: "4711", gift: true });
    draft.choice = "refunds";
    assert.equal(draft.answers, null);
    assert.equal(new Draft(store).answers, null);
  });

  it("begins with none where what was kept can't be read", () => {
    const store = memory();
    store.set("answers", "{");

    assert.equal(new Draft(store).answers, null);
  });
});
