// Folders and zips as people have them, and those that somebody made to harm.
import assert from "node:assert/strict";
import { test } from "node:test";
import { zipSync } from "fflate";
import { Unusable, openSource } from "../../recount/source";
import { type Report, Work } from "../../recount/work";
import { soundFiles } from "../records";

const fileOf = (bytes: Uint8Array, name = "record.zip"): File => new File([bytes as Uint8Array<ArrayBuffer>], name);

function zipOf(files: Record<string, Uint8Array>): File {
  return fileOf(zipSync(files));
}

function recordIn(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(Array.from(soundFiles(), ([name, bytes]) => [`${folder}${name}`, bytes]));
}

async function refusal(file: File): Promise<string> {
  const error: unknown = await openSource({ kind: "zip", file }).catch((reason: unknown) => reason);
  assert.ok(error instanceof Unusable);
  return error.word;
}

const names = Array.from(soundFiles().keys()).sort();

for (const folder of ["", "record-1/", "a/b/record-1/"]) {
  test(`a zip with its files under "${folder}"`, async () => {
    const more = { "__MACOSX/._record.sig": new Uint8Array(1), [`${folder}.DS_Store`]: new Uint8Array(1) };
    const files = await openSource({ kind: "zip", file: zipOf({ ...recordIn(folder), ...more }) });
    assert.deepEqual(Array.from(files.keys()).sort(), names);
    assert.deepEqual(files.get("board.jsonl"), soundFiles().get("board.jsonl"));
  });
}

test("a folder as the browser gives it; what does not belong stays, by its path in it", async () => {
  const record = Array.from(soundFiles(), ([name, bytes]) => ({ path: `record/${name}`, file: fileOf(bytes, name) }));
  const strange = { path: "record/more/notes.txt", file: fileOf(new Uint8Array(3)) };
  const hidden = { path: "record/.git/config", file: fileOf(new Uint8Array(3)) };
  const files = await openSource({ kind: "folder", files: [...record, strange, hidden] });
  assert.deepEqual(Array.from(files.keys()).sort(), [...names, "more/notes.txt"].sort());
});

test("what is no zip, a broken one, and one without a record", async () => {
  assert.equal(await refusal(fileOf(new Uint8Array(0))), "no_zip");
  assert.equal(await refusal(fileOf(new Uint8Array(200).fill(80))), "no_zip");
  const whole = zipSync(recordIn(""));
  assert.equal(await refusal(fileOf(whole.slice(0, whole.length - 10))), "no_zip");
  assert.equal(await refusal(zipOf({ "holiday.jpg": new Uint8Array(9) })), "no_record");
  assert.equal(await refusal(zipOf({})), "no_record");
});

test("a zip that declares more than a browser holds is not unpacked", async () => {
  const bomb = zipSync({ "board.jsonl": new Uint8Array(1000) });
  const central = Buffer.from(bomb).lastIndexOf(Buffer.from("PK\x01\x02", "latin1"));
  new DataView(bomb.buffer).setUint32(central + 24, 0xfffffff0, true);
  assert.equal(await refusal(fileOf(bomb)), "too_large");
});

test("a zip that declares less than it unpacks to gives no more than it declared", async () => {
  const bomb = zipSync({ "board.jsonl": new Uint8Array(5_000_000) });
  const central = Buffer.from(bomb).lastIndexOf(Buffer.from("PK\x01\x02", "latin1"));
  new DataView(bomb.buffer).setUint32(central + 24, 1000, true);
  const opened = await openSource({ kind: "zip", file: fileOf(bomb) }).catch((error: unknown) => error);
  if (opened instanceof Map) assert.equal(opened.get("board.jsonl")?.length, 1000);
  else assert.equal((opened as Unusable).word, "no_zip");
});

test("a zip of very many files, and one that holds a name twice", async () => {
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`f${at}`, new Uint8Array(1)]));
  assert.equal(await refusal(zipOf(many)), "too_large");
  const twice = zipSync({ "record.sig": new Uint8Array(1), "record.sIg": new Uint8Array(1) });
  const text = Buffer.from(twice).toString("latin1").replace(/record\.sIg/g, "record.sig");
  assert.equal(await refusal(fileOf(new Uint8Array(Buffer.from(text, "latin1")))), "zip_twice");
});

test("the worker's side: progress, an outcome, a stop, a second go, a sentence for what cannot be opened", async () => {
  const slips = Buffer.from(soundFiles().get("board.jsonl") as Uint8Array).toString().split("\n").length - 1;
  const reports: Report[] = [];
  const work = new Work((report) => reports.push(report));
  const order = { kind: "recount", announced: "", openAll: false } as const;
  const sound = { ...order, source: { kind: "zip", file: zipOf(recordIn("record/")) } } as const;
  const first = work.take(sound);
  await work.take({ kind: "stop" });
  await first;
  assert.deepEqual(reports, [{ kind: "stopped" }]);
  await work.take(sound);
  assert.deepEqual(reports[1], { kind: "progress", done: slips, total: slips });
  const last = reports[reports.length - 1];
  assert.ok(last?.kind === "done" && last.outcome.count === 0);
  await work.take({ ...order, source: { kind: "zip", file: fileOf(new Uint8Array(5)) } });
  assert.deepEqual(reports[reports.length - 1], { kind: "failed", word: "no_zip" });
});
