import assert from "node:assert/strict";
import { test } from "node:test";
import { charactersLeft } from "../../infra/site/core/text.ts";

test("a message's characters are counted as the server counts them", () => {
  assert.equal(charactersLeft(""), 5_000);
  assert.equal(charactersLeft("x".repeat(5_000)), 0);
  assert.equal(charactersLeft("x".repeat(5_003)), -3);
  assert.equal(charactersLeft("🎉".repeat(5_000)), 0, "a picture is one");
  assert.equal(charactersLeft("e\u0301".repeat(5_000)), 0, "a letter and its accent are one");
});
