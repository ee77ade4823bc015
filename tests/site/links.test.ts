import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FileLinks } from "../../infra/site/core/links.ts";
import { ApiError } from "../../infra/site/core/rest.ts";

const NOW = Date.parse("2026-11-22T09:00:00Z");

function links() {
  const stage = { now: NOW, asked: [] as string[], failure: null as Error | null };
  const get = async (path: string) => {
    stage.asked.push(path);
    if (stage.failure) throw stage.failure;
    return {
      url: `https://files.example/${stage.asked.length}`,
      expires_at: new Date(stage.now + 300_000).toISOString(),
    };
  };
  return { stage, of: new FileLinks({ get: get as never }, () => stage.now) };
}

describe("a file's address", () => {
  test("is asked for once, however many draw it", async () => {
    const { stage, of } = links();
    const [one, other] = await Promise.all([of.of("a"), of.of("a")]);
    assert.equal(one, other);
    assert.deepEqual(stage.asked, ["/v1/attachments/a/link"]);
    assert.equal(await of.of("a"), one);
  });

  test("is asked for anew before it dies", async () => {
    const { stage, of } = links();
    await of.of("a");
    stage.now += 269_000;
    assert.equal(await of.of("a"), "https://files.example/1");
    stage.now += 2_000;
    assert.equal(await of.of("a"), "https://files.example/2");
  });

  test("that led nowhere is asked for anew", async () => {
    const { of } = links();
    await of.of("a");
    of.forget("a");
    assert.equal(await of.of("a"), "https://files.example/2");
  });

  test("a refusal is told, and not kept", async () => {
    const { stage, of } = links();
    stage.failure = new ApiError(409, { code: "attachment_gone" }, null);
    await assert.rejects(of.of("a"), { code: "attachment_gone" });
    stage.failure = null;
    assert.equal(await of.of("a"), "https://files.example/2");
  });
});
