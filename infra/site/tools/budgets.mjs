// Weighs what was built (gzip -9) against budgets.json. What a page loads is followed from its HTML through its modules.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const SITE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const OUT = path.resolve(SITE, "../../build/site");
/** @type {Record<string, { bytes: number, files?: string[], page?: string, folder?: string, each?: string, of?: string, requests?: number }>} */
const budgets = JSON.parse(readFileSync(path.join(SITE, "budgets.json"), "utf8")).budgets;
/** @type {string[]} */
const names = Object.keys(JSON.parse(readFileSync(path.join(OUT, "manifest.json"), "utf8")).files);

const read = (/** @type {string} */ name) => readFileSync(path.join(OUT, name));
const weight = (/** @type {string} */ name) => gzipSync(read(name), { level: 9 }).length;

/** Their modules are weighed by themselves. */
const LIBRARIES = Object.values(budgets).flatMap(({ of }) => of ?? []);
let over = false;
for (const [name, budget] of Object.entries(budgets)) {
  if (budget.each) {
    for (const file of lazyFiles(budget.each, budget.of))
      tell(`${name}: ${path.basename(file)}`, [file], budget);
  } else if (budget.page) tell(name, [...firstLoad(budget.page)], budget);
  else if (budget.folder)
    tell(
      name,
      names.filter((file) => file.startsWith(`${budget.folder}/`)),
      budget,
    );
  else tell(name, budget.files ?? [], budget);
}
process.exitCode = over ? 1 : 0;

/** @param {string} name @param {string[]} files @param {{ bytes: number, requests?: number }} budget */
function tell(name, files, budget) {
  const bytes = files.reduce((sum, file) => sum + weight(file), 0);
  const tooMany = budget.requests !== undefined && files.length > budget.requests;
  const bad = bytes > budget.bytes || tooMany;
  over ||= bad;
  const kb = (/** @type {number} */ size) => `${(size / 1024).toFixed(2)} KB`;
  console.log(
    `${bad ? "OVER" : "ok  "}  ${name.padEnd(40)} ${kb(bytes).padStart(9)} of ${kb(budget.bytes).padStart(9)}  ${files.length} files`,
  );
}

/** A page's files before anything lazy. @param {string} page */
function firstLoad(page) {
  const found = new Set([page]);
  const linked = [
    ...read(page)
      .toString()
      .matchAll(/(?:src|href)="([^":]+\.(?:js|css))"/g),
  ];
  const todo = linked.map(([, target = ""]) => path.posix.join(path.posix.dirname(page), target));
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (found.has(file) || !names.includes(file)) continue;
    found.add(file);
    if (!file.endsWith(".js")) continue;
    const imports = read(file)
      .toString()
      .matchAll(/(?:from|import)"(\.\/[^"]+)"/g);
    for (const [, target = ""] of imports) todo.push(path.posix.join(path.posix.dirname(file), target));
  }
  return found;
}

/** The modules of a page that are not in its first load: a library's, or all but those. @param {string} page @param {string} [library] */
function lazyFiles(page, library) {
  const first = firstLoad(page);
  const folder = `${path.posix.dirname(page)}/`;
  const whose = (/** @type {string} */ file) =>
    LIBRARIES.find((one) => path.posix.basename(file).startsWith(one));
  return names.filter(
    (file) => file.startsWith(folder) && file.endsWith(".js") && !first.has(file) && whose(file) === library,
  );
}
