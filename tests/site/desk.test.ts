import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { askedAt, filledIn } from "../../infra/site/console/answers/asked.ts";
import { offeredTo } from "../../infra/site/console/desk/offers.ts";
import { answersTo, isMissing, shownFields } from "../../infra/site/console/filing/fields.ts";
import { quartersOf } from "../../infra/site/console/live/quarter.ts";
import { cellsOf, dayOf, movedBy, spanOf, staffOn, weekOf } from "../../infra/site/console/roster/week.ts";
import type { LiveQueue, OfferMade, SchemeField, Session, Shift } from "../../infra/site/proto/types.gen.ts";
import { AT, session } from "./builders.ts";

describe("a canned answer is asked for", () => {
  test("by a slash that begins a word, up to the caret", () => {
    assert.deepEqual(askedAt("/ret", 4), { from: 0, words: "ret" });
    assert.deepEqual(askedAt("Hello /", 7), { from: 6, words: "" });
    assert.deepEqual(askedAt("Hello /thx now", 10), { from: 6, words: "thx" });
    assert.deepEqual(askedAt("您好\u3000/tk", 6), { from: 3, words: "tk" });
  });

  test("and not by one within a word", () => {
    for (const text of ["24/7", "https://shop.example", "and/or", "a / b"])
      assert.equal(askedAt(text, text.length), null, text);
  });

  test("and takes the place of what was typed", () => {
    const text = "Hello /thx now";
    const asked = askedAt(text, 10);
    assert.ok(asked);
    assert.deepEqual(filledIn(text, asked, 10, "Thank you!"), ["Hello Thank you! now", 16]);
  });
});

describe("what is offered", () => {
  const me = { id: "ann", name: "Ann" };
  const now = Date.parse(AT);
  const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  const talk = (version: number, offer: Session["offer"] = null) =>
    ({ ...session({ version }), customer: { name: "Cleo" }, offer }) as unknown as Session;
  const made = (offer_id: string, seconds: number): OfferMade => ({
    type: "offer.made",
    offer_id,
    session: talk(2),
    deadline: at(seconds),
    comment: "",
    by: null,
    why: "ring",
  });

  test("is what was told, what ends first before the others, until its time is over", () => {
    const offers = offeredTo(me, [made("late", 20), made("soon", 5), made("over", -9)], [], now);
    assert.deepEqual(
      offers.map(({ offer }) => offer.offer_id),
      ["soon", "late"],
    );
  });

  test("is found again in what was read after a reload, once", () => {
    const offer = {
      offer_id: "o1",
      agent: me,
      how: "ring",
      made_at: AT,
      deadline: at(9),
      by: null,
      comment: "",
    } as const;
    const offers = offeredTo(me, [made("o1", 9)], [{ session: talk(2, offer) }], now);
    assert.equal(offers.length, 1);
    const others = offeredTo({ id: "bob", name: "Bob" }, [], [{ session: talk(2, offer) }], now);
    assert.deepEqual(others, []);
  });

  test("is no more once the session went on", () => {
    assert.deepEqual(offeredTo(me, [made("o1", 9)], [{ session: talk(3) }], now), []);
  });
});

describe("quarters of an hour", () => {
  const queue = (quarters: LiveQueue["quarters"]) => ({ quarters }) as LiveQueue;
  const quarter = (time: string, queued: number, abandoned = 0) => ({
    at: `2026-11-22T${time}:00Z`,
    queued,
    answered: 0,
    abandoned,
  });

  test("add up over queues, and the quiet ones between count nothing", () => {
    const made = quartersOf([
      queue([quarter("09:00", 2), quarter("09:45", 1, 1)]),
      queue([quarter("09:00", 3)]),
    ]);
    assert.deepEqual(
      made.map(({ queued, abandoned }) => [queued, abandoned]),
      [
        [5, 0],
        [0, 0],
        [0, 0],
        [1, 1],
      ],
    );
    assert.deepEqual(quartersOf([queue([])]), []);
  });
});

describe("what a choice asks besides", () => {
  const fields: SchemeField[] = [
    { name: "broken", label: "Broken?", kind: "checkbox" },
    { name: "part", label: "Part", required: true, shown_if: { field: "broken", equals: true } },
  ];

  test("is shown only where another field was answered so", () => {
    assert.deepEqual(
      shownFields(fields, {}).map(({ name }) => name),
      ["broken"],
    );
    assert.deepEqual(
      shownFields(fields, { broken: true }).map(({ name }) => name),
      ["broken", "part"],
    );
  });

  test("must be answered where it is shown, and is not told where it is not", () => {
    assert.equal(isMissing(fields, { broken: true }), true);
    assert.equal(isMissing(fields, { broken: true, part: "pole" }), false);
    assert.equal(isMissing(fields, {}), false);
    assert.deepEqual(answersTo(fields, { broken: false, part: "pole" }), { broken: false });
  });
});

describe("a week of the roster", () => {
  test("begins on Monday and goes over the month's end", () => {
    assert.deepEqual(weekOf("2026-12-02"), [
      "2026-11-30",
      "2026-12-01",
      "2026-12-02",
      "2026-12-03",
      "2026-12-04",
      "2026-12-05",
      "2026-12-06",
    ]);
    assert.equal(weekOf("2026-12-06")[0], "2026-11-30");
    assert.equal(movedBy("2026-11-30", 7), "2026-12-07");
  });

  test("has a shift on the day it starts, over night too", () => {
    const { starts_at, ends_at } = spanOf("2026-11-30", "22:00", 480);
    assert.equal(Date.parse(ends_at) - Date.parse(starts_at), 8 * 3600_000);
    const shift = { id: "s", agent_id: "ann", starts_at, ends_at } as Shift;
    const cells = cellsOf([shift]);
    assert.deepEqual([...cells.keys()], ["ann 2026-11-30"]);
    assert.deepEqual(staffOn(weekOf("2026-11-30"), ["ann", "bob"], cells), [1, 0, 0, 0, 0, 0, 0]);
    assert.equal(dayOf(new Date(starts_at)), "2026-11-30");
  });
});
