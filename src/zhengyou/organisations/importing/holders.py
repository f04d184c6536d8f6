"""Who answers for organisations and who is secretary, as rows of organisations name them. A doubtful name never refuses a row."""

from collections import defaultdict

from zhengyou.organisations import queries
from zhengyou.organisations.importing.columns import HOLDERS, plain
from zhengyou.organisations.importing.judging import CodeIndex, JudgedRow, note_zeros
from zhengyou.organisations.importing.known import Home, Known, above
from zhengyou.organisations.importing.sentences import say
from zhengyou.organisations.models import Post


def judge_holders(rows: list[JudgedRow], people_rows: list[JudgedRow], known: Known, homes: dict[str, Home]) -> None:
    """Note what each row says about responsible people and the secretary, who may stand in the same file. One query at most."""
    if any(set(HOLDERS) & set(row.cells) for row in rows):
        judge = _HoldersJudge(people_rows, known, homes)
        for row in rows:
            if row.key and not row.problems:
                judge.judge(row)


def judge_moves(people_rows: list[JudgedRow], tree_rows: list[JudgedRow], known: Known) -> None:
    """Note what those who move leave behind: whoever leads or answers for the place they leave does so no more, as by hand, unless the
    same file names them there. One query at most.
    """
    moved = [row for row in people_rows if row.is_known and "organisation" in row.values and not row.problems]
    now = queries.holders_now() if moved else {}
    named = {(row.key, slug, number) for row in tree_rows for slug, number in row.holders.items()}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (place, slug), holders in now.items():
        for number, _name in holders:
            if (place, slug, number) not in named:
                held[place, number].append(slug)
    for row in moved:
        place = known.people[row.key]["organisation"]
        row.ends = sorted(held.get((place, row.key), []))
        row.notes += [say("duty-ends", field=slug, place=known.homes[place].name) for slug in row.ends]


class _HoldersJudge:
    def __init__(self, people_rows: list[JudgedRow], known: Known, homes: dict[str, Home]) -> None:
        self.now = queries.holders_now()
        self.people = {
            number: (member["name"], member["organisation"]) for number, member in known.living_people().items()
        }
        for row in people_rows:
            name, home = self.people.get(row.key, ("", ""))
            self.people[row.key] = (row.values.get("name", name), row.values.get("organisation", home))
        self.homes = homes
        self.chains = {code: set(above(code, homes)) for code in homes}
        self.numbers = CodeIndex(self.people)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for number, (name, _home) in self.people.items():
            self.by_name[plain(name)].append(number)

    def judge(self, row: JudgedRow) -> None:
        """Somebody not known or not clear is only noted."""
        for slug in HOLDERS:
            text = row.cells.get(slug)
            if text is None or any(note.get("field") == slug for note in row.notes):
                continue
            numbers = self._find(text, row.key, slug)
            if not numbers:
                row.notes.append(say("person-unknown", field=slug, value=text))
            elif len(numbers) > 1:
                named = [f"{self.people[number][0]} ({number})" for number in numbers]
                row.notes.append(say("person-unclear", field=slug, value=text, found=named))
            elif row.is_known and self._may_be_a_namesake(text, row.key, slug, numbers[0]):
                name, home = self.people[numbers[0]]
                row.notes.append(
                    say(
                        "person-elsewhere",
                        field=slug,
                        value=text,
                        found=f"{name} ({numbers[0]})",
                        place=self._place(home),
                    )
                )
            else:
                self._compare(row, slug, numbers[0], text)

    def _may_be_a_namesake(self, text: str, organisation: str, slug: str, number: str) -> bool:
        """Whether a name alone says who leads, and the only one of that name is neither at hand nor holds it already.

        At hand is who belongs to the organisation, to one below it, or to the one right above. Responsible people come from anywhere,
        and so does the first secretary of a new organisation.
        """
        if slug != Post.Role.SECRETARY or self.numbers.find(text):
            return False
        if number in {holder for holder, _name in self.now.get((organisation, slug), [])}:
            return False
        home, above_it = self.people[number][1], self.homes[organisation].parent if organisation in self.homes else None
        return home not in (organisation, above_it) and organisation not in self.chains.get(home, ())

    def _place(self, code: str) -> str:
        return f"{self.homes[code].name} ({code})" if code in self.homes else code

    def _find(self, text: str, organisation: str, slug: str) -> list[str]:
        """The numbers it can mean. Of several with one name: who holds it already, who is in the organisation, who is below it."""
        numbers = self.numbers.find(text) or self.by_name.get(plain(text), [])
        if len(numbers) < 2:
            return numbers
        holding = {number for number, _name in self.now.get((organisation, slug), [])}
        holders = [number for number in numbers if number in holding]
        inside = [number for number in numbers if self.people[number][1] == organisation]
        below = [number for number in numbers if organisation in self.chains.get(self.people[number][1], ())]
        return next((meant for meant in (holders, inside, below) if len(meant) == 1), numbers)

    def _compare(self, row: JudgedRow, slug: str, number: str, text: str) -> None:
        row.holders[slug] = number
        holders = self.now.get((row.key, slug), [])
        if number in [holder for holder, _name in holders]:
            return
        note_zeros(row, text, number)
        before = ", ".join(f"{name} ({holder})" for holder, name in holders)
        after = f"{self.people[number][0]} ({number})"
        row.change(slug, number, before, after)  # a new unit's row says as well whom it will have
        if before:
            row.notes.append(say("post-passes-on", field=slug, value=before, found=after))
