import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Locks, memoryStore } from "../../infra/site/core/platform.ts";
import { ApiError } from "../../infra/site/core/rest.ts";
import { TokenKeeper, type Tokens } from "../../infra/site/core/tokens.ts";
import { FakeTime, seeded } from "./world.ts";

const HOUR = 3_600_000;

/** A house where a refresh token works once, and its reuse signs out. */
function house(time: FakeTime) {
  const used = new Set<string>();
  const answers = new Map<string, Tokens>();
  let count = 0;
  const made = {
    revoked: false,
    down: false,
    losesAnswer: false,
    refreshes: 0,
    issue(): Tokens {
      count += 1;
      const expires_at = new Date(time.now() + HOUR).toISOString();
      return { token: `t${count}`, refresh_token: `r${count}`, expires_at };
    },
    async refresh({ refresh_token }: Tokens, attempt: string): Promise<Tokens> {
      if (made.down) throw new TypeError("no network");
      made.refreshes += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const given = answers.get(attempt) ?? made.spent(refresh_token);
      answers.set(attempt, given);
      if (made.losesAnswer) {
        made.losesAnswer = false;
        throw new TypeError("no network");
      }
      return given;
    },
    spent(refresh_token: string): Tokens {
      if (used.has(refresh_token)) made.revoked = true;
      if (made.revoked) throw new ApiError(401, { code: "refresh_token_reused" }, null);
      used.add(refresh_token);
      return made.issue();
    },
  };
  return made;
}

function webLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    hold<T>(name: string, held: () => Promise<T>): Promise<T> {
      const turn = (tails.get(name) ?? Promise.resolve()).then(held, held);
      tails.set(name, turn);
      return turn;
    },
  };
}

function tabs(count: number, locks: Locks | null) {
  const time = new FakeTime();
  const random = seeded(5);
  const served = house(time);
  const kept = new Map<string, string>();
  const world = {
    now: () => time.now(),
    random,
    after: (ms: number, run: () => void) => setTimeout(run, ms) as unknown as number,
    cancel: (timer: number | undefined) => clearTimeout(timer),
  };
  const keepers = Array.from(
    { length: count },
    () =>
      new TokenKeeper<Tokens>({
        key: "who",
        store: memoryStore(kept),
        locks,
        world,
        refresh: served.refresh,
      }),
  );
  keepers[0]?.set(served.issue());
  return { keepers, served, time };
}

describe("tokens", () => {
  for (const [what, locks] of [
    ["locks", webLocks()],
    ["no locks", null],
  ] as const) {
    test(`many tabs with one ended token refresh it once (${what})`, async () => {
      const { keepers, served, time } = tabs(4, locks);
      time.ms += HOUR;
      const tokens = await Promise.all(keepers.flatMap((keeper) => [keeper.bearer(), keeper.bearer()]));
      assert.deepEqual(new Set(tokens), new Set(["t2"]));
      assert.equal(served.refreshes, 1);
      assert.equal(served.revoked, false);
    });
  }

  test("a token that another tab refreshed meanwhile is taken, not refreshed again", async () => {
    const { keepers, served } = tabs(2, webLocks());
    assert.equal(await keepers[0]?.renew("t1"), "t2");
    assert.equal(await keepers[1]?.renew("t1"), "t2");
    assert.equal(served.refreshes, 1);
  });

  test("a refusal signs out in all tabs", async () => {
    const { keepers, served } = tabs(2, webLocks());
    served.revoked = true;
    assert.equal(await keepers[0]?.renew("t1"), null);
    assert.equal(await keepers[1]?.bearer(), null);
    assert.equal(keepers[1]?.current(), null);
  });

  test("no answer signs nobody out", async () => {
    const { keepers, served, time } = tabs(1, webLocks());
    served.down = true;
    time.ms += HOUR;
    assert.equal(await keepers[0]?.bearer(), "t1");
    await assert.rejects(async () => await keepers[0]?.renew("t1"));
    served.down = false;
    assert.equal(await keepers[0]?.bearer(), "t2");
  });

  test("an answer that was lost is given again, in another tab too", async () => {
    const { keepers, served, time } = tabs(2, webLocks());
    served.losesAnswer = true;
    time.ms += HOUR;
    assert.equal(await keepers[0]?.bearer(), "t1");
    assert.equal(await keepers[1]?.bearer(), "t2");
    assert.equal(served.revoked, false);
    time.ms += HOUR;
    assert.equal(await keepers[0]?.bearer(), "t3");
  });

  test("a good token is not refreshed", async () => {
    const { keepers, served } = tabs(1, webLocks());
    assert.equal(await keepers[0]?.bearer(), "t1");
    assert.equal(served.refreshes, 0);
  });
});
