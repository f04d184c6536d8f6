// Bundles verdicts.ts as the site's own scripts are bundled, and runs it.
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { common } from "../bundling.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
// Two tests at once must not write one file.
const outfile = here(`../build/verdicts/${process.pid}.mjs`);
await build({ ...common, platform: "node", target: "es2022", entryPoints: [here("verdicts.ts")], outfile });
await import(pathToFileURL(outfile));
