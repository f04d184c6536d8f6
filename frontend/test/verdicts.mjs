// Bundles verdicts.ts as the site's own scripts are bundled, and runs it. The argument lists texts of modules to be
// replaced first, as [module, text, text instead]: with a fix taken out, the fuzzer has to find what it mended.
import { readFile, rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { common } from "../bundling.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const replaced = JSON.parse(process.argv[2] ?? "[]");

const without = {
  name: "without",
  setup({ onLoad }) {
    for (const [module, text, instead] of replaced) {
      const path = `${root}${module}`;
      onLoad({ filter: new RegExp(`${module.replace(/[.]/g, "\\.")}$`) }, async () => {
        const whole = await readFile(path, "utf8");
        if (!whole.includes(text)) throw new Error(`${module} does not say ${text}`);
        return { contents: whole.replace(text, () => instead), loader: "ts" };
      });
    }
  },
};

// Two tests at once must not write one file.
const outfile = `${root}build/verdicts/${process.pid}.mjs`;
const entryPoints = [`${root}test/verdicts.ts`];
const plugins = [...common.plugins, without];
await build({ ...common, plugins, platform: "node", target: "es2022", entryPoints, outfile });
const program = import(pathToFileURL(outfile));
await program;
await rm(outfile);
