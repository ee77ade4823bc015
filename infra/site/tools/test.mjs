// Runs tests/site/*.test.ts by `node --test`: Node 20 can't read TypeScript, so esbuild writes it anew first.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const SITE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const TESTS = path.resolve(SITE, "../../tests/site");
const asked = process.argv.slice(2);
const out = mkdtempSync(path.join(tmpdir(), "deskbell-site-"));
try {
  const entryPoints = readdirSync(TESTS)
    .filter(
      (name) =>
        /\.test\.tsx?$/.test(name) && (asked.length === 0 || asked.some((part) => name.includes(part))),
    )
    .map((name) => path.join(TESTS, name));
  esbuild.buildSync({
    absWorkingDir: SITE,
    entryPoints,
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    jsx: "automatic",
    jsxImportSource: "preact",
    nodePaths: [path.join(SITE, "node_modules")],
    loader: { ".css": "empty" },
    logLevel: "warning",
  });
  const files = readdirSync(out).map((name) => path.join(out, name));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], {
    stdio: "inherit",
    env: { ...process.env, DESKBELL_SITE: SITE },
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
