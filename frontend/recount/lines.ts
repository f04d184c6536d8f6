// Files of lines: every line read for itself, and those that name slips of the board held to their order and to the
// places whose slips they may name.
import { type Bytes, compare, hex } from "../shared/bytes";
import { Misfit, lineText, splitLines } from "../shared/fields";
import { boardFile } from "../shared/head";
import type { Board, Entry } from "./board";
import type { Check, Finder } from "./findings";

/** What a line says, with its number from 1. */
export interface Read<T> {
  at: number;
  value: T;
}

/** How a file of lines is read where it is not like most. */
export interface Reading {
  /** The check that an unreadable line fails. */
  unreadable?: Check;
  /** The size below which a line has to stay. */
  most?: number;
  /** How many lines of the file stand before these. */
  before?: number;
}

/** The lines that can be read; the others are findings. */
export function readLines<T>(
  file: string,
  bytes: Bytes,
  findings: Finder,
  read: (text: string) => T,
  { unreadable = "line-form", most, before = 0 }: Reading = {},
): Read<T>[] {
  return splitLines(bytes).flatMap((line, place) => {
    const at = before + place + 1;
    try {
      return [{ at, value: read(lineText(line, most)) }];
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      findings.add(file, at, unreadable, { detail: error.place });
      return [];
    }
  });
}

/** The board's slips by their names. */
export class Names {
  private readonly entries: Map<string, Entry>;

  constructor(private readonly board: Board) {
    this.entries = new Map(board.entries.map((entry) => [hex(entry.name), entry]));
  }

  of(name: Bytes): Entry | undefined {
    return this.entries.get(hex(name));
  }

  /** The board's slips in these places that are not among `named`. */
  *without(named: Set<Entry>, places: Set<string>): Iterable<Entry> {
    for (const entry of this.board.entries) if (places.has(entry.place) && !named.has(entry)) yield entry;
  }
}

/** A line that names a slip of the board where it may. */
export interface Named<T> extends Read<T> {
  entry: Entry;
}

/** The checks of one file that names slips; `kind` stands before the names of its checks. */
export class NamedSlips {
  constructor(
    private readonly file: string,
    private readonly kind: "opened" | "sealed" | "invalid",
    private readonly names: Names,
    private readonly places: Set<string>,
    private readonly findings: Finder,
  ) {}

  /** Those in their order that name slips of `places`; every other one is a finding. */
  held<T extends { slip: Bytes }>(read: Read<T>[]): Named<T>[] {
    let last: Bytes | null = null;
    return read.flatMap(({ at, value }) => {
      if (last && compare(last, value.slip) >= 0) this.findings.add(this.file, at, `${this.kind}-order`);
      last = value.slip;
      const entry = this.names.of(value.slip);
      if (entry && this.places.has(entry.place)) return [{ at, value, entry }];
      this.findings.add(this.file, at, entry ? `${this.kind}-forbidden` : `${this.kind}-stranger`);
      return [];
    });
  }
}

/** Slips of these places that a file leaves out, and the places they leave without a sum. */
export function findMissing(
  file: string,
  check: Check,
  missing: Iterable<Entry>,
  findings: Finder,
): Set<string> {
  const places = new Set<string>();
  for (const { line, place } of missing) {
    findings.add(boardFile, line, check, { detail: file });
    places.add(place);
  }
  return places;
}
