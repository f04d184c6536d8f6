"""Opens a CSV or Parquet file as a DuckDB view of text columns, whatever its encoding, and names bad lines.

Knows nothing of ratings: what the columns mean is said in the three readers. How a text is laid out: `layout`.
"""

import codecs
import difflib
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from honestrank.reading.cells import is_odd
from honestrank.reading.kinds import is_parquet, refuse_other_kinds, refuse_other_texts
from honestrank.reading.layout import Layout, below_heading, find_layout, kind_of, tidy_copy
from honestrank.words.wording import InputError

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")

# Bytes read at once when a file is copied or hashed.
CHUNK = 1 << 20

# Bytes. Up to 32 MB a file is read with short lines allowed only, which lets two threads share it (decision 0018).
SHORT = 1 << 25

# One sign in so many may lie outside GB 2312, in names mostly.
MOST_RARE = 5


def place_among(name: str, columns: Sequence[str]) -> int:
    """Which of `columns` is `name`, capitals, blanks and width let pass where one alone fits. Raises InputError."""
    exact = [place for place, column in enumerate(columns) if column == name]
    like = exact or [place for place, column in enumerate(columns) if kind_of(column) == kind_of(name)]
    if len(like) == 1 and name:
        return like[0]
    if len(exact) > 1:
        raise InputError("column_twice", column=name)
    if len(like) > 1:
        raise InputError("columns_alike", column=name, columns=tuple(columns[place] for place in like))
    named = [column for column in columns if column]
    nearest = difflib.get_close_matches(name, named, 1, 0.5)
    key = "no_such_column_but" if nearest else "no_such_column"
    raise InputError(key, column=name, columns=", ".join(named), nearest="".join(nearest))


@dataclass(frozen=True)
class Table:
    """An open file: the DuckDB view `ratings_file` on `connection`, its columns ("" where one has no name), where its text lies.

    `fields`: the names of the columns in the view, in the same order; `is_odd`: cells need care to be read;
    `is_tidy`: the view reads a tidy copy.
    """

    connection: duckdb.DuckDBPyConnection
    path: Path
    text: Path | None
    layout: Layout | None
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    sha256: str
    types: dict[str, str] = field(default_factory=dict)
    is_odd: bool = True
    is_tidy: bool = False

    @property
    def may_have_commas(self) -> bool:
        """Whether cells of this text may hold a comma: quoted ones where it parts cells."""
        if self.text is None or self.layout is None:
            return False
        sign = b'"' if self.layout.delimiter == "," else b","
        with self.text.open("rb") as stream:
            return any(sign in chunk or b"\xef\xbc\x8c" in chunk for chunk in iter(lambda: stream.read(CHUNK), b""))

    def require(self, names: Sequence[str]) -> None:
        """Raise InputError naming the first of `names` that is no column, could be two, or is the same as another."""
        self.places(names)

    def places(self, names: Sequence[str]) -> dict[str, int]:
        """Which column each of `names` is. Raises InputError as `place`, and where two names are one column."""
        found: dict[str, int] = {}
        for name in names:
            place = self.place(name)
            if name not in found and place in found.values():
                raise InputError("column_asked_twice", column=name)
            found[name] = place
        return found

    def place(self, name: str) -> int:
        """Which column `name` is, capitals, blanks and width let pass where one alone fits. Raises InputError."""
        return place_among(name, self.columns)

    def in_sql(self, name: str) -> str:
        """The column `name` in the view, as SQL."""
        return quoted_name(self.fields[self.place(name)])

    def type_of(self, name: str) -> str:
        """What DuckDB says the column `name` holds; "" for text files."""
        return self.types.get(self.fields[self.place(name)], "")

    def count(self) -> int:
        """How many rows there are; quick for Parquet."""
        return int(self.connection.execute("SELECT count(*) FROM ratings_file").fetchall()[0][0])

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line number, values) in file order; for Parquet the number of the row. Slow: for short files, and to name a bad line.

        Raises InputError for a ragged line and for quotation marks that go wrong.
        """
        if self.text is not None and self.layout is not None:
            yield from below_heading(self.text, self.layout)
            return
        query = self.connection.execute("SELECT COLUMNS(*)::VARCHAR FROM ratings_file")
        number = 0
        while values := query.fetchone():
            number += 1
            yield number, ["" if value is None else str(value) for value in values]


def open_connection(stack: ExitStack, folder: Path, memory: float | None) -> duckdb.DuckDBPyConnection:
    """A connection that puts what does not fit into `memory` gigabytes into `folder`, and is closed before it goes."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    stack.callback(connection.close)
    connection.execute(f"SET temp_directory = {quoted_text(str(folder))}")
    if memory:
        connection.execute(f"SET memory_limit = '{memory}GB'")
    return connection


class OpenTable:
    """Context manager: opens `path`, in which the columns `wanted` are looked for, and removes its temporary copies afterwards.

    `tidy`: DuckDB reads a copy in which every row is as wide as the heading. Raises InputError when the file is missing,
    empty, without rows, of unknown encoding or ragged.
    """

    def __init__(
        self, path: Path, wanted: Sequence[str] = (), memory: float | None = None, *, tidy: bool = False
    ) -> None:
        self.path, self.wanted, self.memory, self.tidy = path, wanted, memory, tidy

    def __enter__(self) -> Table:
        with ExitStack() as stack:
            self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="honestrank-")))
            table = self._open(stack)
            self._opened = stack.pop_all()
        return table

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _open(self, stack: ExitStack) -> Table:
        """The table; its connection is closed before the folder goes, in which DuckDB may still be writing."""
        if self.path.exists() and not self.path.is_file():
            raise InputError("no_file_but_other", path=str(self.path))
        if not self.path.is_file():
            raise InputError("no_such_file", path=self.path.name)
        if self.path.stat().st_size == 0:
            raise InputError("empty_file", path=self.path.name)
        connection = open_connection(stack, self._folder, self.memory)
        file = _called_in_text(self.path, self._folder)
        if is_parquet(self.path):
            return self._open_parquet(connection, file)
        refuse_other_kinds(self.path)
        return self._open_text(connection, file)

    def _open_parquet(self, connection: duckdb.DuckDBPyConnection, path: Path) -> Table:
        file = _quoted_path(path)
        try:
            connection.execute(f"CREATE VIEW ratings_file AS SELECT * FROM read_parquet({file})")
            described = connection.execute("DESCRIBE ratings_file").fetchall()
            schema = connection.execute(f"SELECT name, num_children FROM parquet_schema({file})").fetchall()
        except duckdb.Error as error:
            broken = "magic bytes" in str(error) or "Footer" in str(error)
            key = "parquet_broken" if broken else "unreadable"
            raise InputError(key, path=self.path.name, reason=_first_line(error)) from error
        types = {name: kind for name, kind, *_ in described}
        return Table(
            connection,
            self.path,
            None,
            None,
            _own_names(schema, list(types)),
            tuple(types),
            file_sha256(self.path),
            types,
        )

    def _open_text(self, connection: duckdb.DuckDBPyConnection, path: Path) -> Table:
        text = as_utf8(path, self._folder)
        refuse_other_texts(text, self.path.name)
        layout = find_layout(text, self.path.name, self.wanted)
        marks = _marks(text, layout.delimiter)
        fields = tuple(f"column{place}" for place in range(len(layout.columns)))
        source, delimiter, skip = text, layout.delimiter, layout.skip
        if self.tidy or marks.ends_differ or not layout.is_even or not delimiter.isascii():
            source, delimiter, skip = self._folder / "tidy.csv", ",", 0
            tidy_copy(text, layout, source)
        typed = ", ".join(f"{quoted_text(name)}: 'VARCHAR'" for name in fields)
        connection.execute(
            f"CREATE VIEW ratings_file AS SELECT * FROM read_csv({_quoted_path(source)}, auto_detect = false, "
            f"header = false, delim = {quoted_text(delimiter)}, quote = '\"', escape = '\"', columns = {{{typed}}}, "
            f"skip = {skip}{_buffers(source)})"
        )
        return Table(
            connection, self.path, text, layout, layout.columns, fields, file_sha256(self.path),
            is_odd=marks.is_odd, is_tidy=source is not text,
        )  # fmt: skip


def view_text(
    connection: duckdb.DuckDBPyConnection, text: Path, fields: Sequence[str], delimiter: str, skip: int
) -> None:
    """Make the view `ratings_file` of a text, every column as it is written."""
    typed = ", ".join(f"{quoted_name(name)}: 'VARCHAR'" for name in fields)
    connection.execute(
        f"CREATE VIEW ratings_file AS SELECT * FROM read_csv({_quoted_path(text)}, auto_detect = false, "
        f"header = false, delim = {quoted_text(delimiter)}, quote = '\"', escape = '\"', columns = {{{typed}}}, "
        f"skip = {skip}{_buffers(text)})"
    )


def _own_names(schema: list[tuple[str, int | None]], fields: list[str]) -> tuple[str, ...]:
    """The columns of a Parquet file as it names them: DuckDB renames one that differs from another in capitals only."""
    names, inside = [], 0
    for name, children in schema[1:]:
        if not inside:
            names.append(name)
        inside += (children or 0) - (1 if inside else 0)
    return tuple(names) if len(names) == len(fields) else tuple(fields)


def _buffers(text: Path) -> str:
    """DuckDB lets two threads share a short file only if its pieces are small; a line then has at most 256 kB, else 2 MB."""
    size = text.stat().st_size
    if size > SHORT:
        return ""
    return f", max_line_size = {1 << 18}, buffer_size = {1 << 22 if size <= 1 << 22 else 1 << 23}"


@dataclass(frozen=True)
class _Marks:
    """What the bytes of a text say: whether cells need care, and whether lines end in several ways or in the old Mac's."""

    is_odd: bool
    ends_differ: bool


def _marks(text: Path, delimiter: str) -> _Marks:
    needs_care, both, carriage, feed, tail = False, 0, 0, 0, b""
    with text.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            joined = tail + chunk
            needs_care = needs_care or is_odd(joined, delimiter.encode())
            both += chunk.count(b"\r\n") + (tail.endswith(b"\r") and chunk.startswith(b"\n"))
            carriage += chunk.count(b"\r")
            feed += chunk.count(b"\n")
            tail = chunk[-2:]
    return _Marks(needs_care, carriage > 0 and not both == carriage == feed)


def refuse_ragged(table: Table, error: duckdb.Error) -> InputError:
    """What to say when DuckDB could not read `table`: where it stopped, the first ragged line, else DuckDB's own words."""
    stopped = re.search(r"Line: (\d+)[\s\S]*(unterminated quote|Maximum line size)", str(error))
    try:
        for _ in table.rows():
            pass
    except InputError as refused:
        return refused
    if stopped:
        return InputError("quote_open" if stopped[2].startswith("u") else "line_too_long", line=stopped[1])
    return InputError("unreadable", path=table.path.name, reason=_first_line(error))


def as_utf8(path: Path, folder: Path) -> Path:
    """`path` itself if it is UTF-8 without a mark, else a UTF-8 copy in `folder`. Raises InputError."""
    encoding = _encoding(path)
    if encoding == "utf-8":
        return path
    copy = folder / "ratings.csv"
    with path.open(encoding=encoding, newline="") as source, copy.open("w", encoding="utf-8", newline="") as target:
        shutil.copyfileobj(source, target, CHUNK)
    return copy


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(64)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif b"\x00" in head:
        # UTF-16 whose mark was lost: of a sign of ASCII one byte of two is zero.
        candidates = ["utf-16-le"] if head.index(0) % 2 else ["utf-16-be"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            if encoding == "gb18030" and _is_no_gbk(path):
                break
            return encoding
    raise InputError("unknown_encoding", path=path.name)


def _is_no_gbk(path: Path) -> bool:
    """Whether text that can be read as GBK is that of another code: of Latin letters with accents, of Big5, of Shift-JIS.

    The signs of GB 2312, of which Chinese text is made but for a name here and there, have two bytes from A1 on; the other
    codes make pairs outside it.
    """
    pairs = usual = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", chunk)
            pairs += len(found)
            usual += sum(first >= 0xA1 and second >= 0xA1 for first, second in found)
    return (pairs - usual) * MOST_RARE > pairs


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                if "\x00" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def quoted_name(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _quoted_path(path: Path) -> str:
    """The path as an SQL string that DuckDB does not take for a pattern."""
    return quoted_text(re.sub(r"([*?\[])", r"[\1]", str(path.absolute())))


def _called_in_text(path: Path, folder: Path) -> Path:
    """The path, or a link to it in `folder` where its name is no text, which DuckDB cannot be told."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        link = folder / "given"
        link.symlink_to(path.absolute())
        return link
    return path


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def file_sha256(path: Path) -> str:
    """SHA-256 of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
