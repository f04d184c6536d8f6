// Bundles every test/**/*.test.ts as the site's own scripts are bundled and hands them to node's test runner.
import { spawnSync } from "node:child_process";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { common } from "../bundling.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tests = (await readdir(`${root}test`, { recursive: true })).filter((name) => name.endsWith(".test.ts"));
await build({
  ...common,
  platform: "node",
  entryPoints: tests.map((name) => `${root}test/${name}`),
  outbase: `${root}test`,
  outdir: `${root}build/test`,
  outExtension: { ".js": ".mjs" },
  sourcemap: "inline",
});
const files = tests.map((name) => `build/test/${name.replace(/ts$/, "mjs")}`);
process.exitCode =
  spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-concurrency=2", "--test-reporter=spec", ...files], {
    cwd: root,
    stdio: "inherit",
  }).status ?? 1;
