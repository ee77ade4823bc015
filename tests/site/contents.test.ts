import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { I18n } from "../../infra/site/core/i18n.ts";
import { canBeRecalled } from "../../infra/site/core/recall.ts";
import * as en from "../../infra/site/locales/en.ts";
import type { Attachment, Form } from "../../infra/site/proto/types.gen.ts";
import { fitted, kindOf, waveformOf } from "../../infra/site/ui/attach/limits.ts";
import { answerOf } from "../../infra/site/ui/contents/answers.ts";
import { barsOf, boxOf, sizeWords, thumbnailOf } from "../../infra/site/ui/contents/measure.ts";
import { summaryOf } from "../../infra/site/ui/contents/summary.ts";
import { AT, message } from "./builders.ts";

const english = new I18n<typeof en.shared>("en", en.shared, "UTC");
const said = (given: Parameters<typeof message>[1]) => summaryOf(message(1, given), (key) => english.t(key));

function file(given: Partial<Attachment> = {}): Attachment {
  return {
    attachment_id: "a1",
    kind: "file",
    name: "bill.pdf",
    size: 1_000,
    content_type: "application/pdf",
    width: null,
    height: null,
    duration_ms: null,
    waveform: null,
    thumbnail: null,
    gone: false,
    ...given,
  };
}

describe("what a message says in words alone", () => {
  test("a file by its name, a picture by what it is, with the words below it", () => {
    assert.equal(said({ kind: "file", text: null, attachment: file() }), "[File: bill.pdf]");
    const picture = file({ kind: "image", name: "x.png" });
    assert.equal(said({ kind: "image", text: "look", attachment: picture }), "[Picture] look");
  });

  test("what was taken back says only that", () => {
    assert.equal(said({ text: null, recalled_at: AT }), "This message was taken back.");
  });

  test("a link by its title and address, a form by its title", () => {
    const link = { url: "https://a.example", title: "Returns" };
    assert.equal(said({ kind: "link", text: null, link }), "Returns\nhttps://a.example");
    const form: Form = { title: "Where to?", fields: [] };
    assert.equal(said({ kind: "form", text: null, form }), "[Form] Where to?");
  });
});

describe("a picture", () => {
  test("is drawn at its shape, within its room, and never too small to press", () => {
    assert.deepEqual(boxOf({ width: 2_600, height: 1_300 }), { width: 260, height: 130 });
    assert.deepEqual(boxOf({ width: 100, height: 3_000 }), { width: 64, height: 300 });
    assert.deepEqual(boxOf({ width: 100, height: 80 }), { width: 100, height: 80 });
  });

  test("of no known size has room all the same", () => {
    assert.deepEqual(boxOf({ width: null, height: null }), { width: 240, height: 180 });
  });

  test("has a thumbnail of the type that its bytes are of", () => {
    assert.equal(thumbnailOf({ thumbnail: "/9j/4AAQ" }), "data:image/jpeg;base64,/9j/4AAQ");
    assert.equal(thumbnailOf({ thumbnail: "UklGRjoA" }), "data:image/webp;base64,UklGRjoA");
    assert.equal(thumbnailOf({ thumbnail: null }), null);
  });

  test("is made smaller with its shape kept, and never larger", () => {
    assert.deepEqual(fitted(4_096, 1_024, 2_048), { width: 2_048, height: 512 });
    assert.deepEqual(fitted(300, 200, 2_048), { width: 300, height: 200 });
    assert.deepEqual(fitted(10_000, 1, 2_048), { width: 2_048, height: 1 });
  });
});

describe("a file", () => {
  test("has its size in words", () => {
    const number = english.number.bind(english);
    assert.deepEqual(
      [1, 57_000, 1_500_000].map((size) => sizeWords(size, number)),
      ["1 kB", "56 kB", "1.4 MB"],
    );
  });

  test("goes as what can be shown, and all else to be saved: a drawing that can run too", () => {
    const types = ["image/png", "image/svg+xml", "video/mp4", "text/html", "audio/mpeg", ""];
    assert.deepEqual(
      types.map((type) => kindOf({ type })),
      ["image", "file", "video", "file", "file", "file"],
    );
  });
});

describe("a voice", () => {
  test("has so many bars, the loudest of each part", () => {
    assert.deepEqual(barsOf([0, 100, 50, 50], 2), [1, 0.5]);
    assert.equal(barsOf([100], 36).length, 36);
    assert.deepEqual(barsOf(null, 1), [0.08]);
  });

  test("is measured against its own loudest, and silence stays silent", () => {
    assert.deepEqual(waveformOf([0.1, 0.2, 0.05, 0.1], 2), [100, 50]);
    assert.deepEqual(waveformOf([0.001, 0.001], 2), [2, 2]);
    assert.deepEqual(waveformOf([0.5], 64), [100]);
  });
});

describe("a form's answer", () => {
  const form: Form = {
    fields: [
      { name: "street", label: "Street" },
      { name: "count", label: "How many", kind: "number" },
      { name: "gift", label: "Gift", kind: "checkbox" },
    ],
  };

  test("has numbers as numbers and leaves out what is empty", () => {
    assert.deepEqual(answerOf(form, { street: " Hill 5 ", count: "2.5", gift: true }), {
      street: "Hill 5",
      count: 2.5,
      gift: true,
    });
    assert.deepEqual(answerOf(form, { street: "  ", count: "" }), { gift: false });
  });
});

describe("taking back", () => {
  const sentAt = Date.parse(AT);

  test("goes for two minutes", () => {
    assert.equal(canBeRecalled(message(1), sentAt + 120_000), true);
    assert.equal(canBeRecalled(message(1), sentAt + 120_001), false);
  });

  test("not for notes, nor what is taken back already, nor the house's own lines", () => {
    for (const given of [
      { staff_seq: 1, kind: "note" },
      { recalled_at: AT },
      { kind: "system" },
      { kind: "recall" },
    ] as const)
      assert.equal(canBeRecalled(message(1, given), sentAt), false);
  });
});
