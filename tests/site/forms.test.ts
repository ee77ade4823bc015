import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Api, Schemas } from "../../infra/site/console/admin/schema.ts";
import {
  beginning,
  changed,
  filled,
  perLanguage,
  present,
  worded,
} from "../../infra/site/console/admin/values.ts";

const rule = {
  type: "object",
  properties: { queue_id: { type: "string" }, after_s: { type: "integer", default: 120, minimum: 0 } },
  required: ["queue_id"],
} as const;
const body = {
  type: "object",
  properties: {
    name: { type: "string", maxLength: 80 },
    label: { anyOf: [{ type: "string" }, { type: "object", propertyNames: { enum: ["en", "zh-CN"] } }] },
    mode: { type: "string", enum: ["auto", "ring"], default: "auto" },
    parent_id: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
    source_ids: { type: "array", items: { type: "string" }, default: [] },
    allowed_origins: { type: "array", items: { type: "string" } },
    overflow: { anyOf: [{ $ref: "#/components/schemas/Rule" }, { type: "null" }], default: null },
    idle: { $ref: "#/components/schemas/Rule" },
    skills: { type: "array", items: { $ref: "#/components/schemas/Rule" } },
    theme: { type: "object", additionalProperties: { type: "string" } },
    enabled: { type: "boolean" },
    starts: { type: "string", pattern: "^([01]\\d|2[0-3]):[0-5]\\d$" },
  },
  required: ["name"],
} as const;
const api: Api = {
  paths: {
    "/v1/queues": {
      post: {
        "x-permission": "queue.edit",
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Queue" } } } },
      },
    },
    "/v1/queues/{queue_id}/members/{agent_id}": { put: {} },
    "/v1/queues/{queue_id}": { patch: { "x-permission": "queue.edit" } },
  },
  components: { schemas: { Queue: body, Rule: rule } },
};

describe("a form drawn from a schema", () => {
  const schemas = new Schemas(api);
  const shapes = Object.fromEntries(
    Object.entries(body.properties).map(([name, field]) => [name, schemas.shape(name, field, "queues").is]),
  );

  test("has for each field what it is written with", () => {
    assert.deepEqual(shapes, {
      name: "text",
      label: "wording",
      mode: "choice",
      parent_id: "reference",
      source_ids: "references",
      allowed_origins: "lines",
      overflow: "group",
      idle: "group",
      skills: "rows",
      theme: "pairs",
      enabled: "yes_no",
      starts: "text",
    });
    assert.deepEqual(schemas.shape("parent_id", body.properties.parent_id, "units"), {
      is: "reference",
      to: "units",
    });
    const time = schemas.shape("starts", body.properties.starts, "queues");
    assert.ok(time.is === "text" && time.time);
  });

  test("finds the path of one, its body and who may", () => {
    assert.equal(schemas.one("/v1/queues"), "/v1/queues/{queue_id}");
    assert.equal(schemas.permission("patch", "/v1/queues/{queue_id}"), "queue.edit");
    assert.equal(schemas.permission("delete", "/v1/queues/{queue_id}"), null);
    assert.equal(schemas.body("post", "/v1/queues")?.required?.[0], "name");
    assert.equal(schemas.body("patch", "/v1/queues/{queue_id}"), null);
  });

  test("begins with the model's own defaults", () => {
    const values = beginning(schemas, body);
    assert.equal(values["mode"], "auto");
    assert.equal(values["overflow"], null);
    assert.deepEqual(values["idle"], { after_s: 120 });
    assert.deepEqual(values["skills"], []);
    assert.deepEqual(filled({ a: "", b: null, c: 0, d: false }), { c: 0, d: false });
  });
});

describe("a change", () => {
  test("says only what is another now", () => {
    const before = present(body, { name: "Orders", mode: "auto", version: 3, load: 2 });
    assert.deepEqual(before, { name: "Orders", mode: "auto" });
    assert.deepEqual(changed(before, { ...before, mode: "ring" }), { mode: "ring" });
    assert.deepEqual(changed({ skills: [{ skill: "de" }] }, { skills: [{ skill: "de" }] }), {});
  });

  test("keeps a text for all languages as one, and one a language where they differ", () => {
    const languages = ["en", "zh-CN"];
    assert.deepEqual(perLanguage("Hello", languages), { en: "Hello", "zh-CN": "Hello" });
    assert.deepEqual(perLanguage({ en: "Hello" }, languages), { en: "Hello", "zh-CN": "" });
    assert.equal(worded({ en: "Hello", "zh-CN": "Hello" }), "Hello");
    assert.deepEqual(worded({ en: "Hello", "zh-CN": "" }), { en: "Hello" });
    assert.equal(worded({ en: "", "zh-CN": "" }), "");
  });
});
