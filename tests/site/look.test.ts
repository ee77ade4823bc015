import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";

const SITE = process.env["DESKBELL_SITE"] ?? path.resolve("infra/site");
const read = (name: string) => readFileSync(path.join(SITE, name), "utf8");

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((first, second) => second - first);
  return (light + 0.05) / (dark + 0.05);
}

describe("colours", () => {
  const tokens = new Map(
    [...read("ui/tokens.css").matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name = "", light = "", dark = ""]) => [name, [light, dark]] as const,
    ),
  );
  const grounds = ["surface", "surface-1", "surface-2"];
  const pairs: [string, string, number][] = [
    ...grounds.flatMap((ground): [string, string, number][] =>
      ["text", "text-2", "text-3", "jade", "jade-text", "vermilion", "amber"].map((ink) => [
        ink,
        ground,
        4.5,
      ]),
    ),
    ...["jade", "amber", "vermilion"].flatMap((hue): [string, string, number][] => [
      [`${hue}-on`, hue, 4.5],
      [hue, `${hue}-wash`, 4.5],
      ["text", `${hue}-wash`, 4.5],
    ]),
    ["text", "note", 4.5],
    ["text-2", "note", 4.5],
    ["jade-text", "jade-wash", 4.5],
    ["line-strong", "surface", 3],
  ];
  for (const [at, theme] of ["light", "dark"].entries()) {
    test(`what is written can be read in the ${theme} theme`, () => {
      for (const [ink, ground, least] of pairs) {
        const ratio = contrast(tokens.get(ink)?.[at] ?? "", tokens.get(ground)?.[at] ?? "");
        assert.ok(ratio >= least, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
      }
    });
  }
});

describe("headers", () => {
  const { rules, placeholders } = JSON.parse(read("headers.json")) as {
    rules: { path: string; headers: Record<string, string> }[];
    placeholders: Record<string, string>;
  };
  const policies = rules.flatMap(({ headers }) => headers["Content-Security-Policy"] ?? []);

  test("no page runs or styles anything inline", () => {
    assert.equal(policies.length, 3);
    for (const policy of policies) {
      assert.doesNotMatch(policy, /unsafe|\*/);
      for (const needed of [
        "default-src 'none'",
        "require-trusted-types-for 'script'",
        "frame-ancestors",
        "base-uri 'none'",
        "object-src 'none'",
      ]) {
        assert.ok(policy.includes(needed), needed);
      }
    }
  });

  test("every placeholder is told of", () => {
    const used = new Set([...JSON.stringify(rules).matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name));
    assert.deepEqual([...used].sort(), Object.keys(placeholders).sort());
  });

  test("the last rule is for every path", () => {
    assert.equal(rules.at(-1)?.path, "/*");
    assert.equal(rules.at(-1)?.headers["X-Content-Type-Options"], "nosniff");
  });
});
