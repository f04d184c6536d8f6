// Writes the programs, pico.min.css without what no page has, and htmx.min.js into the site's static folder and holds our own to their budget.
// Nothing built is committed.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { common, programs } from "./bundling.mjs";
import { trimmed } from "./sheet.mjs";

const budget = 40 * 1024;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const dist = here("../src/zhengyou/static/dist/");

await mkdir(dist, { recursive: true });
for (const { name, entry, ...own } of programs)
  await build({ ...common, ...own, minify: true, entryPoints: [{ in: here(entry), out: name }], outdir: dist });
await writeFile(`${dist}pico.min.css`, trimmed(await readFile(here("node_modules/@picocss/pico/css/pico.min.css"), "utf8")));
await copyFile(here("node_modules/htmx.org/dist/htmx.min.js"), `${dist}htmx.min.js`);

const gzipped = async (name) => gzipSync(await readFile(`${dist}${name}`), { level: 9 }).length;
const own = programs.map(({ name }) => `${name}.js`);
for (const name of [...own, "pico.min.css", "htmx.min.js"]) {
  console.log(`${name}: ${((await gzipped(name)) / 1024).toFixed(1)} KB gzipped`);
}
// What the booth fetches later counts as the booth's: a phone may end up with all of it.
const together = [["booth.js", "doubting.js"], ...own.filter((name) => !["booth.js", "doubting.js"].includes(name)).map((name) => [name])];
for (const names of together) {
  const sizes = await Promise.all(names.map(gzipped));
  if (sizes.reduce((sum, size) => sum + size, 0) <= budget) continue;
  console.error(`${names.join(" and ")}: over the budget of ${budget / 1024} KB gzipped.`);
  process.exit(1);
}
