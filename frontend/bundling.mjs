// The programs, and how every bundle is made, for the build and for the tests alike. Where a bundle is written is
// the caller's choice.
import { fileURLToPath } from "node:url";

/** A program is a folder and becomes one script under this name. */
export const programs = [
  { name: "booth", entry: "booth/main.ts" },
  { name: "doubting", entry: "booth/doubting.ts" },
  // For browsers that cannot read the first: a plain script in the language of 2009.
  { name: "booth-old", entry: "booth/old.ts", format: "iife", target: "es5" },
  { name: "recount", entry: "recount/main.ts" },
  { name: "sealcode", entry: "recount/seal/main.ts" },
  { name: "keying", entry: "desk/keying.ts" },
  { name: "scrutineer", entry: "recount/scrutineer/main.ts" },
  // On every page but the booth's: menus close by Escape. Plain and old as the next one.
  { name: "page", entry: "page/main.ts", format: "iife", target: "es2015" },
  // Also for old phones: a plain script, not a module, in the language of 2015.
  { name: "writing", entry: "writing/main.ts", format: "iife", target: "es2015" },
];

const bignum = fileURLToPath(new URL("booth/bignum.ts", import.meta.url));

// @cloudflare/blindrsa-ts carries its big numbers in a copy of sjcl. booth/bignum.ts has the same few functions on the
// browser's own BigInt: a tenth of the time, a fifth of the size. test/booth/bignum.test.ts holds the two against each
// other.
const nativeBigNumbers = {
  name: "native-big-numbers",
  setup(build) {
    build.onResolve({ filter: /^\.\/sjcl\/index\.js$/ }, (args) =>
      /[\\/]blindrsa-ts[\\/]lib[\\/]src$/.test(args.resolveDir) ? { path: bignum } : null,
    );
  },
};

export const common = {
  bundle: true,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  logLevel: "warning",
  plugins: [nativeBigNumbers],
};
