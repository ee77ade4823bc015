import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { I18n, pickLang, stopwatch, type Words } from "../../infra/site/core/i18n.ts";
import { ulids } from "../../infra/site/core/ids.ts";
import * as en from "../../infra/site/locales/en.ts";
import * as zh from "../../infra/site/locales/zh.ts";
import { initialsOf } from "../../infra/site/ui/avatar.tsx";
import { isEmojiAlone, piecesOf, safeHref } from "../../infra/site/ui/text.tsx";
import { seeded } from "./world.ts";

const english = new I18n<typeof en.shared>("en", en.shared, "UTC");
const chinese = new I18n<typeof en.shared>("zh-CN", zh.shared, "UTC");
const hrefs = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? []);

describe("words", () => {
  test("a count takes the form its language has for it", () => {
    assert.equal(english.t("new_messages", { n: 1 }), "1 new message");
    assert.equal(english.t("new_messages", { n: 1_200 }), "1,200 new messages");
    assert.equal(chinese.t("new_messages", { n: 1 }), "1 条新消息");
  });

  test("every word has the same holes in both languages", () => {
    const holes = (word: unknown) => [...new Set(JSON.stringify(word).match(/\{\w+\}/g) ?? [])].sort();
    const parts: [Words, Words][] = [
      [en.shared, zh.shared],
      [en.widget, zh.widget],
      [en.desk, zh.desk],
    ];
    for (const [words, translated] of parts) {
      for (const [key, word] of Object.entries(words))
        assert.deepEqual(holes(translated[key]), holes(word), key);
    }
  });

  test("the setting comes before what the browser prefers", () => {
    assert.equal(pickLang("zh-TW"), "zh-CN");
    assert.equal(pickLang("fr", "zh-CN"), "zh-CN");
    assert.equal(pickLang("en-GB", "zh"), "en");
  });

  test("a day is named while it is near", () => {
    const now = Date.parse("2026-11-22T09:00:00Z");
    assert.equal(english.day("2026-11-22T01:00:00Z", now), "today");
    assert.equal(chinese.day("2026-11-21T23:00:00Z", now), "昨天");
    assert.equal(english.day("2026-11-12T01:00:00Z", now), "Nov 12");
    assert.equal(english.day("2025-11-12T01:00:00Z", now), "Nov 12, 2025");
  });

  test("a stopwatch shows hours only when there are some", () => {
    assert.deepEqual([0, 38, 724, 3_731, -5].map(stopwatch), ["0:00", "0:38", "12:04", "1:02:11", "0:00"]);
  });
});

describe("what somebody wrote", () => {
  test("addresses become links, and the sentence keeps its full stop", () => {
    assert.deepEqual(hrefs("See https://a.example/b?c=1. Or (www.b.example/x)!"), [
      "https://a.example/b?c=1",
      "https://www.b.example/x",
    ]);
    assert.deepEqual(hrefs("写信给 help@a.example，或 tel:+123"), ["mailto:help@a.example", "tel:+123"]);
    assert.deepEqual(hrefs("https://en.wikipedia.org/wiki/Bell_(instrument)"), [
      "https://en.wikipedia.org/wiki/Bell_(instrument)",
    ]);
  });

  test("nothing else becomes one", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]) {
      assert.deepEqual(hrefs(text), []);
      assert.equal(safeHref(text), null);
    }
  });

  test("no letter is lost in the cutting", () => {
    for (const text of [
      "<img src=x onerror=alert(1)>",
      "a https://b.example, c@d.example. e",
      "https://",
      "你好www.a.example吗",
    ]) {
      assert.equal(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(""),
        text,
      );
    }
  });

  test("a few pictures alone are large", () => {
    for (const text of ["🎉", "👍🏽 🙏", "👨‍👩‍👧‍👦", "🇨🇳", "❤️", "1️⃣"])
      assert.equal(isEmojiAlone(text), true, text);
    for (const text of ["", "1", "#", "12", "ok 👍", "🎉🎉🎉🎉", "你好"])
      assert.equal(isEmojiAlone(text), false, text);
  });

  test("a name's initials are whole letters", () => {
    assert.deepEqual(["王思雨", "Amara Okafor", "Cleo", "نورة السالم", "", "👩🏽‍🚀 Ann"].map(initialsOf), [
      "王",
      "AO",
      "C",
      "ن",
      "?",
      "👩🏽‍🚀",
    ]);
  });
});

describe("ids", () => {
  test("sort by time, and by order of making where the clock stands or goes back", () => {
    let now = 1_700_000_000_000;
    const next = ulids({ now: () => now, random: seeded(2) });
    const made = [next(), next()];
    now -= 60_000;
    made.push(next());
    now += 120_000;
    made.push(next());
    assert.deepEqual([...made].sort(), made);
    assert.equal(new Set(made).size, 4);
    for (const id of made) assert.match(id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});
