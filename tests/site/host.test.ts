import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ToHost, ToPanel } from "../../infra/site/loader/port.ts";
import { Lent } from "../../infra/site/widget/host.ts";

/** A host page that lends its storage and its locks to one panel. */
function lend(kept: Map<string, string>, queue: { free: boolean; waiting: (() => void)[] }) {
  const { port1, port2 } = new MessageChannel();
  const tell = (word: ToPanel) => port1.postMessage(word);
  port1.onmessage = ({ data }: { data: ToHost }) => {
    if (data.t === "keep") data.value === null ? kept.delete(data.key) : kept.set(data.key, data.value);
    if (data.t === "refresh") tell({ t: "refreshed", id: data.id, kept: Object.fromEntries(kept) });
    if (data.t === "lock") {
      const give = () => {
        queue.free = false;
        tell({ t: "locked", id: data.id });
      };
      if (queue.free) give();
      else queue.waiting.push(give);
    }
    if (data.t === "unlock") {
      queue.free = true;
      queue.waiting.shift()?.();
    }
  };
  return { lent: new Lent(port2, Object.fromEntries(kept)), close: () => port1.close() };
}

describe("a panel that the browser refuses storage", () => {
  test("reads at once what it wrote, and the host has it", async () => {
    const kept = new Map([["old", "1"]]);
    const { lent, close } = lend(kept, { free: true, waiting: [] });
    lent.set("new", "2");
    lent.set("old", null);
    assert.deepEqual([lent.get("new"), lent.get("old"), lent.keys("")], ["2", null, ["new"]]);
    kept.set("another tab's", "3");
    await lent.refresh();
    assert.deepEqual(kept.get("new"), "2");
    assert.equal(lent.get("another tab's"), "3");
    close();
  });

  test("holds a lock that another tab's panel waits for", async () => {
    const queue = { free: true, waiting: [] };
    const [one, other] = [lend(new Map(), queue), lend(new Map(), queue)];
    const order: string[] = [];
    const held = (name: string) => async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push(`${name} out`);
      return name;
    };
    const both = await Promise.all([
      one.lent.hold("refresh", held("one")),
      other.lent.hold("refresh", held("other")),
    ]);
    assert.deepEqual(both, ["one", "other"]);
    assert.deepEqual(order, ["one in", "one out", "other in", "other out"]);
    one.close();
    other.close();
  });
});
