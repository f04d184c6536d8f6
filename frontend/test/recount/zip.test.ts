// A zip is read in one plain form. What two programs could unpack to two records is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { Unusable, openSource } from "../../recount/source";
import { NameTwice, NoZip, checksumOf, readZip } from "../../recount/zip";
import { type Bytes, join, utf8 } from "../../shared/bytes";
import { soundFiles } from "../records";

const bytesOf = (files: Record<string, Uint8Array>, level: 0 | 6 = 6): Bytes => zipSync(files, { level }) as Bytes;
const plain = () => bytesOf({ "record.sig": utf8("x".repeat(400)), "board.jsonl": utf8("y") });
const unpacked = (bytes: Bytes) => new Map(readZip(bytes).map(({ name, unpack }) => [name, unpack()]));

/** A zip with a number of a header or of the list put anew. `mark` is the last sign of what it stands in. */
function patched(mark: string, offset: number, width: 1 | 2 | 4, value: number): Bytes {
  const bytes = plain();
  const at = Buffer.from(bytes).lastIndexOf(Buffer.from(mark, "latin1")) + offset;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (width === 4) view.setUint32(at, value, true);
  else if (width === 2) view.setUint16(at, value, true);
  else view.setUint8(at, value);
  return bytes;
}

const [header, list, end] = ["PK\x03\x04", "PK\x01\x02", "PK\x05\x06"];

test("stored and deflated files come out as they went in", () => {
  const files = { "record.sig": utf8("x".repeat(400)), "a/b": new Uint8Array(0), 记录: utf8("y") };
  for (const level of [0, 6] as const) {
    const out = unpacked(bytesOf(files, level));
    assert.deepEqual(Object.fromEntries(out), files);
  }
  assert.equal(checksumOf(utf8("123456789")), 0xcbf43926);
});

const refused: [string, Bytes][] = [
  ["nothing", new Uint8Array(0)],
  ["bytes before the first file", join(utf8("x"), plain())],
  ["bytes after the end", join(plain(), utf8("x"))],
  ["a comment", join(patched(end, 20, 2, 1), utf8("x"))],
  ["a file encrypted", patched(list, 8, 2, 1)],
  ["a packing that browsers do not know", patched(list, 10, 2, 12)],
  ["another method than it was packed by", patched(list, 10, 2, 0)],
  ["another checksum", patched(list, 16, 4, 7)],
  ["a size beyond the form", patched(list, 24, 4, 0xffffffff)],
  ["another name in the header", patched(header, 30, 1, 65)],
  ["another place of a file", patched(list, 42, 4, 1)],
  ["a file on another disk", patched(list, 34, 2, 1)],
  ["fewer files than the list has", patched(end, 10, 2, 1)],
  ["more files than the list has", join(patched(end, 10, 2, 3))],
  ["a list elsewhere", patched(end, 16, 4, 3)],
];

for (const [what, bytes] of refused)
  test(`refused: ${what}`, () => {
    assert.throws(() => unpacked(bytes), NoZip);
  });

test("two names in one place of the file, and one name twice", () => {
  const bytes = plain();
  const first = Buffer.from(bytes).indexOf(Buffer.from(list, "latin1"));
  const both = bytes.slice();
  // The second entry of the list points to where the first file lies.
  new DataView(both.buffer).setUint32(Buffer.from(both).lastIndexOf(Buffer.from(list, "latin1")) + 42, 0, true);
  assert.ok(first > 0);
  assert.throws(() => unpacked(both), NoZip);
  const twice = bytesOf({ "record.sig": utf8("x"), "record.sIg": utf8("x") });
  const text = Buffer.from(twice).toString("latin1").replace(/record\.sIg/g, "record.sig");
  assert.throws(() => readZip(new Uint8Array(Buffer.from(text, "latin1"))), NameTwice);
});

test("names of every object are names of files here: they are strange, and not lost", async () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const files = [...soundFiles()].map(([own, bytes]) => [own, bytes] as const);
    const made = Object.fromEntries([...files, ["@".repeat(name.length), utf8("x")]]);
    const text = Buffer.from(bytesOf(made, 0)).toString("latin1");
    const renamed = text.split("@".repeat(name.length)).join(name);
    const file = new File([new Uint8Array(Buffer.from(renamed, "latin1"))], "record.zip");
    const opened = await openSource({ kind: "zip", file });
    assert.ok(opened.has(name), name);
    assert.equal(opened.size, files.length + 1);
  }
});

test("what is refused is said in words", async () => {
  const file = new File([join(plain(), utf8("x"))], "record.zip");
  const error: unknown = await openSource({ kind: "zip", file }).catch((reason: unknown) => reason);
  assert.ok(error instanceof Unusable && error.word === "no_zip");
});
