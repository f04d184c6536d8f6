// The marks of an opened slip as a person reads them. Names are read here, since a recount goes by ids alone.
import type { Bytes } from "../../shared/bytes";
import { decode } from "../../shared/fields";
import { type Names, fill, localName } from "../../shared/wording";
import type { Line } from "../manifest";
import { rankedIn } from "../questions";
import type { SealWords } from "./words";

const unknown = 255;

interface Named {
  id: string;
  name: Names;
}

/** The names in a manifest that was read before, and so has its form. */
export class NamesOf {
  private readonly grades: Named[];
  private readonly criteria: Map<string, string>;
  private readonly lines: Map<string, { name: string; options: string[] }>;

  /** `say` picks the language. */
  constructor(
    manifest: Bytes,
    private readonly say: (names: Names) => string = localName,
  ) {
    type Listed = Named & { question?: { options: Named[] } };
    const given = JSON.parse(decode(manifest)) as { grades: Named[]; criteria: Named[]; lines: Listed[] };
    this.grades = given.grades;
    this.criteria = new Map(given.criteria.map(({ id, name }) => [id, say(name)]));
    const optionsOf = ({ question }: Listed) => (question?.options ?? []).map(({ name }) => say(name));
    const named = (line: Listed) => ({ name: say(line.name), options: optionsOf(line) });
    this.lines = new Map(given.lines.map((line) => [line.id, named(line)]));
  }

  line(id: string): string {
    return this.lines.get(id)?.name ?? id;
  }

  /** Each criterion with its mark; of a question its answer under the line's own name. */
  marks(line: Line, marks: Bytes, words: SealWords): [string, string][] {
    if (line.question) return [[this.line(line.id), this.answer(line, marks, words)]];
    return Array.from(marks, (mark, at) => {
      const criterion = this.criteria.get(line.criteria[at] ?? "") ?? String(at + 1);
      return [criterion, this.grade(mark, words)];
    });
  }

  private grade(mark: number, words: SealWords): string {
    if (mark === 0) return words.unmarked;
    if (mark === unknown) return words.dont_know;
    const grade = this.grades[mark - 1];
    return grade ? this.say(grade.name) : fill(words.no_mark, { number: mark });
  }

  private answer({ id, question }: Line, marks: Bytes, words: SealWords): string {
    if (marks[0] === unknown) return words.dont_know;
    const names = this.lines.get(id)?.options ?? [];
    const nameOf = (at: number) => names[at] ?? fill(words.no_mark, { number: at + 1 });
    if (question?.kind === "ranking") {
      const said = rankedIn(marks).map((at, place) => fill(words.order, { place: place + 1, name: nameOf(at) }));
      return said.join(" ") || words.unmarked;
    }
    const approved = Array.from(marks.keys()).filter((at) => marks[at]);
    return approved.map((at) => `${nameOf(at)}: ${words.approved}`).join("; ") || words.unmarked;
  }
}
