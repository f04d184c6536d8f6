"""On which line of a TOML file something stands. A rough reading beside tomllib's, which keeps no lines.

A line it takes for something else only makes the named line wrong, never the pack.
"""

import re
from collections import Counter

TABLE = re.compile(r"^\s*(?P<open>\[\[?)(?P<name>[^\[\]#]+)\]")
KEY = re.compile(r"^\s*(?P<name>[A-Za-z0-9_\-\"'.]+)\s*=")
Place = tuple[str | int, ...]  # the way into the file: ("sectors", 2, "name", "en")


class Places:
    """The lines of one file by place."""

    def __init__(self, text: str) -> None:
        self.first: dict[Place, int] = {}
        self.rows = text.split("\n")
        self.of_line: dict[int, Place] = {}
        table: Place = ()
        counts: Counter[str] = Counter()
        for number, row in enumerate(self.rows, 1):
            if head := TABLE.match(row):
                name = tuple(_parts(head["name"]))
                if head["open"] == "[[":
                    dotted = ".".join(name)
                    table = (*name, counts[dotted])
                    counts[dotted] += 1
                else:
                    table = name
                self._put(table, number)
            elif key := KEY.match(row):
                self._put((*table, *_parts(key["name"])), number)

    def of(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it that has one; 0 for the file."""
        for length in range(len(place), 0, -1):
            if line := self.first.get(place[:length]):
                return line
        return 0

    def earlier(self, line: int) -> int:
        """The first line on which stands what also stands on this one; 0 if it cannot be said."""
        place = self.of_line.get(line, ())
        first = self.first.get(place, 0)
        return first if first < line else 0

    def _put(self, place: Place, line: int) -> None:
        self.of_line[line] = place
        for length in range(1, len(place) + 1):
            self.first.setdefault(place[:length], line)


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]
