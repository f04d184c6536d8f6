// The walls between the programs: each imports its own folder, shared/ and its own packages, and so do its tests. The
// recount judges what the booth made, so it must not contain the booth. What only one program uses is not shared.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

/** The packages that each folder may import. */
const packages: Record<string, string[]> = {
  booth: ["@cloudflare/blindrsa-ts", "@hpke/core", "lean-qr/nano"],
  recount: ["fflate"],
  desk: [],
  writing: [],
  page: [],
  shared: [],
};
const folders = Object.keys(packages);

type Modules = Map<string, string>;

/** The texts of the modules under a folder, by their path from frontend/ without its ending. */
function modulesIn(folder: string): Modules {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Map(names.map((name) => [`${folder}/${name.slice(0, -3)}`, readFileSync(`${folder}/${name}`, "utf8")]));
}

/** What a module imports: the paths of modules from frontend/, and the names of packages. */
function importsOf(path: string, text: string): string[] {
  const named = Array.from(text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g), ([, name]) => name as string);
  return named.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : name));
}

/** The imports that lead out of `program` to something that it may not have. */
function strangers(program: string, modules: Modules): string[] {
  const own = [`${program}/`, "shared/"];
  const isKnown = (name: string) =>
    own.some((folder) => name.startsWith(folder)) || packages[program]?.includes(name);
  return Array.from(modules).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter((name) => !isKnown(name))
      .map((name) => `${path} imports ${name}`),
  );
}

/** The shared modules that a program reaches, directly or through another one. */
function sharedBy(modules: Modules): Set<string> {
  const reached = new Set<string>();
  const follow = (path: string, text: string) => {
    for (const name of importsOf(path, text)) {
      if (!name.startsWith("shared/") || reached.has(name)) continue;
      reached.add(name);
      follow(name, readFileSync(`${name}.ts`, "utf8"));
    }
  };
  for (const [path, text] of modules) follow(path, text);
  return reached;
}

test("a program imports its own folder, what is shared, and its own packages", () => {
  for (const folder of folders) {
    const modules = modulesIn(folder);
    assert.ok(modules.size, folder);
    assert.deepEqual(strangers(folder, modules), []);
  }
});

test("an import across a wall is named, however it is written", () => {
  const written = [
    'import { Sheet } from "../booth/sheet";',
    'import type { Marks } from "../booth/sheet";',
    'export * from "../booth/sheet";',
    'const { Sheet } = await import("../booth/sheet");',
    'import {\n  Sheet,\n} from "../booth/sheet";',
  ];
  for (const text of written)
    assert.deepEqual(strangers("recount", new Map([["recount/made", text]])), ["recount/made imports booth/sheet"]);
  const sealing = 'import { CipherSuite } from "@hpke/core";';
  assert.deepEqual(strangers("recount", new Map([["recount/made", sealing]])), ["recount/made imports @hpke/core"]);
  assert.deepEqual(strangers("booth", new Map([["booth/made", sealing]])), []);
});

test("the recount is tested without the booth, and the booth without the recount", () => {
  const wanted = (folder: string) => Array.from(modulesIn(`test/${folder}`)).flatMap((module) => importsOf(...module));
  for (const [folder, other] of [["recount", "booth/"], ["booth", "recount/"]] as const) {
    assert.ok(wanted(folder).some((name) => name.startsWith(`${folder}/`)));
    assert.deepEqual(wanted(folder).filter((name) => name.startsWith(other)), []);
  }
});

test("what is shared is used by two programs", () => {
  const reached = folders.filter((folder) => folder !== "shared").map((folder) => sharedBy(modulesIn(folder)));
  for (const path of modulesIn("shared").keys())
    assert.ok(reached.filter((modules) => modules.has(path)).length >= 2, path);
});

test("TypeScript lies in a program's folder, in shared/ or among the tests, nowhere else", () => {
  const all = readdirSync(".", { withFileTypes: true });
  const top = all.filter(({ name }) => name !== "node_modules" && name !== "build");
  const hasModules = ({ name }: { name: string }) => readdirSync(name).some((inner) => inner.endsWith(".ts"));
  const held = top.filter((each) => (each.isDirectory() ? hasModules(each) : each.name.endsWith(".ts")));
  assert.deepEqual(held.map(({ name }) => name).sort(), [...folders, "test"].sort());
});
