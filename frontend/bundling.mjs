// How every bundle is made, for the build and for the tests alike. What is bundled, and where to, is said by the
// caller.
import { fileURLToPath } from "node:url";

const bignum = fileURLToPath(new URL("src/bignum.ts", import.meta.url));

// @cloudflare/blindrsa-ts carries its big numbers in a copy of sjcl. src/bignum.ts has the same few functions on the
// browser's own BigInt: a tenth of the time, a fifth of the size. test/bignum.test.ts holds the two against each other.
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
