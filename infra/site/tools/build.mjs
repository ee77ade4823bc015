// Builds every page into build/site/ at the repository's root: written beside it, then moved into place.
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const SITE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const BUILD = path.resolve(SITE, "../../build");
const OUT = path.join(BUILD, "site");

/** Pages made of modules: entry, folder, the HTML file and its own template. */
const PAGES = [
  { entry: "widget/main.tsx", folder: "widget", html: "app.html" },
  { entry: "console/main.tsx", folder: "console", html: "index.html" },
  { entry: "demo/main.ts", folder: "", html: "index.html" },
];

/** A sheet that a lazy part adopts itself is minified text in its chunk; a library's is. @type {esbuild.Plugin} */
const lazySheets = {
  name: "lazy-sheets",
  setup(build) {
    build.onLoad({ filter: /\.lazy\.css$|uPlot\.min\.css$/ }, async ({ path: file }) => {
      const { code } = await esbuild.transform(await readFile(file, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** @type {esbuild.BuildOptions} */
const COMMON = {
  absWorkingDir: SITE,
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
  plugins: [lazySheets],
};

await mkdir(BUILD, { recursive: true });
const fresh = await mkdtemp(path.join(BUILD, ".site-"));
try {
  for (const page of PAGES) await buildPage(page, fresh);
  await buildLoader(fresh);
  await copyFile(path.join(SITE, "ui", "icon.svg"), path.join(fresh, "icon.svg"));
  const manifest = await describe(fresh);
  await writeFile(path.join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await swap(fresh);
} catch (failure) {
  await rm(fresh, { recursive: true, force: true });
  throw failure;
}

/** @param {typeof PAGES[number]} page @param {string} root */
async function buildPage({ entry, folder, html }, root) {
  const assets = path.join(root, folder, "assets");
  const { metafile } = await esbuild.build({
    ...COMMON,
    metafile: true,
    entryPoints: [entry],
    outdir: assets,
    format: "esm",
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
  });
  const [made] = Object.entries(metafile.outputs).filter(([, output]) => output.entryPoint === entry);
  if (!made) throw new Error(`nothing was made of ${entry}`);
  const [script, { cssBundle, imports }] = made;
  const link = (/** @type {string} */ file) =>
    path.relative(path.join(root, folder), path.resolve(SITE, file)).replaceAll(path.sep, "/");
  const shared = imports.filter(({ kind }) => kind === "import-statement").map((imported) => imported.path);
  const head = [
    cssBundle ? `<link rel="stylesheet" href="${link(cssBundle)}" />` : null,
    ...shared.map((file) => `<link rel="modulepreload" href="${link(file)}" />`),
    `<script type="module" src="${link(script)}"></script>`,
  ].filter((line) => line !== null);
  const template = await readFile(path.join(SITE, path.dirname(entry), "index.html"), "utf8");
  if (!template.includes("<!-- assets -->")) throw new Error(`${entry}'s page has no place for its assets`);
  const text = template.replace("<!-- assets -->", head.join("\n    "));
  if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i.test(text))
    throw new Error(`${html}: nothing inline`);
  await mkdir(path.join(root, folder), { recursive: true });
  await writeFile(path.join(root, folder, html), text);
}

/** One file under a fixed name, for the host page. @param {string} root */
async function buildLoader(root) {
  await esbuild.build({
    ...COMMON,
    entryPoints: ["loader/loader.ts"],
    outfile: path.join(root, "widget", "deskbell.js"),
    format: "iife",
  });
}

/** What the server needs to know of each file. @param {string} root */
async function describe(root) {
  /** @type {Record<string, { size: number, gzip: number, sha256: string, integrity: string, immutable: boolean }>} */
  const files = {};
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const names = found
    .filter((item) => item.isFile())
    .map((item) => path.relative(root, path.join(item.parentPath, item.name)).replaceAll(path.sep, "/"));
  for (const name of names.sort()) {
    const bytes = await readFile(path.join(root, name));
    files[name] = {
      size: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      integrity: `sha384-${createHash("sha384").update(bytes).digest("base64")}`,
      immutable: /-[A-Z0-9]{8}\.\w+$/.test(name),
    };
  }
  return { files };
}

/** The new site takes the old one's place; whoever reads meanwhile finds the one or the other. @param {string} made */
async function swap(made) {
  const old = `${made}-old`;
  const hadOne = await rename(OUT, old).then(
    () => true,
    () => false,
  );
  await chmod(made, 0o755);
  await rename(made, OUT);
  if (hadOne) await rm(old, { recursive: true, force: true });
}
