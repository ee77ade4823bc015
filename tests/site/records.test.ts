import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import {
  asAddress,
  filtersIn,
  isNarrowed,
  NOTHING,
  queryOf,
} from "../../infra/site/console/records/filters.ts";
import { holdEnds } from "../../infra/site/console/thread/holding.ts";

const SITE = process.env["DESKBELL_SITE"] ?? "";

describe("a search for records", () => {
  test("comes back from its address as it went", () => {
    const filters = { ...NOTHING, q: "late & lost", score: "2", from: "2026-11-01" };
    assert.deepEqual(filtersIn(asAddress(filters)), filters);
    assert.equal(asAddress(NOTHING), "");
  });

  test("asks nothing while there is too little to ask", () => {
    assert.equal(queryOf(NOTHING), null);
    assert.equal(queryOf({ ...NOTHING, number: "K-7", q: "  ", score: "9", from: "soon" }), null);
  });

  test("takes a number without its hyphen", () => {
    assert.deepEqual(queryOf({ ...NOTHING, number: "k7q2-9" }), { number: "k7q29" });
  });

  test("means whole days where the reader is, the last one too", () => {
    const query = queryOf({ ...NOTHING, from: "2026-11-01", to: "2026-11-30" });
    const begins = (month: number) => new Date(2026, month, 1).toISOString().replace(".000", "");
    assert.deepEqual(query, { from: begins(10), to: begins(11) });
  });

  test("is narrowed by what stands behind more filters", () => {
    assert.equal(isNarrowed({ ...NOTHING, number: "k7q", q: "late" }), false);
    assert.equal(isNarrowed({ ...NOTHING, to: "2026-11-30" }), true);
  });
});

describe("a record on paper", () => {
  test("the console's policy lets in the very sheet that a transcript carries", () => {
    const source = readFileSync(path.join(SITE, "../../chalicelib/records/transcript.py"), "utf8");
    const sheet = /_STYLE = """(.*?)"""/s.exec(source)?.[1];
    assert.ok(sheet);
    const hash = createHash("sha256").update(sheet).digest("base64");
    assert.ok(readFileSync(path.join(SITE, "headers.json"), "utf8").includes(`'sha256-${hash}'`));
  });
});

describe("a hold", () => {
  const now = new Date(2026, 10, 22, 9, 30).getTime();

  test("ends so many minutes on, or at a time of day", () => {
    assert.equal(holdEnds({ minutes: 15 }, now), now + 900_000);
    assert.equal(holdEnds({ time: "10:15" }, now), new Date(2026, 10, 22, 10, 15).getTime());
  });

  test("a time of day that has passed is tomorrow's, and no time is none", () => {
    assert.equal(holdEnds({ time: "09:30" }, now), new Date(2026, 10, 23, 9, 30).getTime());
    assert.equal(holdEnds({ time: "" }, now), null);
  });
});
