import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ApiError, NoAnswer, Rest } from "../../infra/site/core/rest.ts";
import { fakeWorld, json } from "./world.ts";

type Answer = (url: string, init: RequestInit) => Promise<Response>;

function rest(answer: Answer, renewed: string | null = null) {
  const asked: { url: string; headers: Headers }[] = [];
  const world = fakeWorld({
    fetch(url, init) {
      asked.push({ url, headers: new Headers(init.headers) });
      return answer(url, init);
    },
  });
  return { asked, world, rest: new Rest({ world, bearer: async () => "old", renew: async () => renewed }) };
}

describe("REST", () => {
  test("a problem is told with its code, its fields and its request", async () => {
    const problem = {
      code: "wrong_body",
      detail: "no",
      errors: [{ path: "text", problem: "too long" }],
      request_id: "r1",
    };
    const { rest: client } = rest(async () => json(422, problem));
    await assert.rejects(client.post("/v1/x"), (failure: unknown) => {
      assert.ok(failure instanceof ApiError);
      assert.deepEqual([failure.status, failure.code, failure.requestId], [422, "wrong_body", "r1"]);
      assert.deepEqual(failure.errors, problem.errors);
      return true;
    });
  });

  test("an ended token is renewed once", async () => {
    const { asked, rest: client } = rest(
      async (_, init) =>
        new Headers(init.headers).get("Authorization") === "Bearer new"
          ? json(200, { ok: 1 })
          : json(401, {}),
      "new",
    );
    assert.deepEqual(await client.get("/v1/me"), { ok: 1 });
    assert.equal(asked.length, 2);
  });

  test("without another token the refusal stands", async () => {
    const { asked, rest: client } = rest(async () => json(401, { code: "unauthenticated" }));
    await assert.rejects(client.get("/v1/me"), { status: 401 });
    assert.equal(asked.length, 1);
  });

  test("no answer in time is no answer", async () => {
    const { rest: client, world } = rest(
      (_, init) =>
        new Promise((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(new Error()))),
    );
    const failed = assert.rejects(client.get("/v1/me"), new NoAnswer("timeout", new Error()));
    await world.time.pass(16_000);
    await failed;
  });

  test("whoever asked may take it back", async () => {
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(rest(async () => json(200, {})).rest.get("/v1/me", { signal: stop.signal }), {
      code: "aborted",
    });
  });

  test("an empty answer is no failure, an answer in another tongue is", async () => {
    assert.equal(await rest(async () => new Response(null, { status: 204 })).rest.post("/v1/x"), undefined);
    await assert.rejects(rest(async () => new Response("<html>")).rest.get("/v1/x"), { code: "not_json" });
    await assert.rejects(rest(async () => new Response("<html>", { status: 502 })).rest.get("/v1/x"), {
      code: "http_502",
    });
  });

  test("a document is told as it is, a refusal of it as any other", async () => {
    const { rest: given } = rest(async () => new Response("<p>Hello</p>", { status: 200 }));
    assert.equal(await given.text("/v1/x"), "<p>Hello</p>");
    const { rest: refusing } = rest(async () => json(404, { code: "not_found" }));
    await assert.rejects(refusing.text("/v1/x"), { code: "not_found", status: 404 });
  });

  test("queries leave out what is null", async () => {
    const { asked, rest: client } = rest(async () => json(200, {}));
    await client.get("/v1/sessions", { query: { tab: "mine", q: null, limit: 5 } });
    assert.equal(asked[0]?.url, "/v1/sessions?tab=mine&limit=5");
  });

  test("a change names the version it is of", async () => {
    const { asked, rest: client } = rest(async () => json(200, {}));
    await client.patch("/v1/me", { alias: "Ann" }, 7);
    assert.equal(asked[0]?.headers.get("If-Match"), "7");
  });
});
