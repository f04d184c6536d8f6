"""Opens a CSV or Parquet file as a DuckDB view of text columns, whatever its encoding, and names bad lines.

Knows nothing of ratings: what the columns mean is said in `sufficient`.
"""

import codecs
import csv
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

from honestrank.words.wording import InputError

DELIMITERS = ",;\t|"

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")

# Bytes read at once when a file is copied or hashed.
CHUNK = 1 << 20

# Bytes. Up to 32 MB a file is read with short lines allowed only, which lets two threads share it (decision 0018).
SHORT = 1 << 25


@dataclass(frozen=True)
class Table:
    """An open file: the DuckDB view `ratings_file` on `connection`, its columns, where its text lies, whether blanks are in it."""

    connection: duckdb.DuckDBPyConnection
    path: Path
    text: Path | None
    delimiter: str
    columns: tuple[str, ...]
    sha256: str
    types: dict[str, str] = field(default_factory=dict)
    has_blanks: bool = True

    def require(self, names: Sequence[str]) -> None:
        """Raise InputError naming the first of `names` that is no column."""
        for name in names:
            if name not in self.columns:
                nearest = difflib.get_close_matches(name, self.columns, 1, 0.5)
                key = "no_such_column_but" if nearest else "no_such_column"
                raise InputError(key, column=name, columns=", ".join(self.columns), nearest="".join(nearest))

    def count(self) -> int:
        """How many rows there are; quick for Parquet."""
        return int(self.connection.execute("SELECT count(*) FROM ratings_file").fetchall()[0][0])

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line number, values) in file order; for Parquet the number of the row. Slow: for short files, and to name a bad line."""
        if self.text is None:
            query = self.connection.execute("SELECT COLUMNS(*)::VARCHAR FROM ratings_file")
            number = 0
            while values := query.fetchone():
                number += 1
                yield number, ["" if value is None else str(value) for value in values]
            return
        with self.text.open(encoding="utf-8-sig", newline="") as stream:
            reader, begun = csv.reader(stream, delimiter=self.delimiter), 1
            try:
                _first_row(reader)
                begun = reader.line_num + 1
                for row in reader:
                    if row:
                        yield reader.line_num, row
                    begun = reader.line_num + 1
            except csv.Error as error:
                raise InputError("line_too_long", line=begun) from error


class OpenTable:
    """Context manager: opens `path` and removes its temporary copy afterwards.

    Raises InputError when the file is missing, empty, without rows, of unknown encoding or ragged.
    """

    def __init__(self, path: Path, memory: float | None = None) -> None:
        self.path, self.memory = path, memory

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
        if not self.path.is_file():
            raise InputError("no_such_file", path=self.path.name)
        if self.path.stat().st_size == 0:
            raise InputError("empty_file", path=self.path.name)
        connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
        )
        stack.callback(connection.close)
        connection.execute(f"SET temp_directory = {quoted_text(str(self._folder))}")
        if self.memory:
            connection.execute(f"SET memory_limit = '{self.memory}GB'")
        with self.path.open("rb") as stream:
            is_parquet = stream.read(4) == b"PAR1"
        return self._open_parquet(connection) if is_parquet else self._open_text(connection)

    def _open_parquet(self, connection: duckdb.DuckDBPyConnection) -> Table:
        try:
            connection.execute(f"CREATE VIEW ratings_file AS SELECT * FROM read_parquet({_quoted_path(self.path)})")
            described = connection.execute("DESCRIBE ratings_file").fetchall()
        except duckdb.Error as error:
            raise InputError("unreadable", path=self.path.name, reason=_first_line(error)) from error
        types = {name: kind for name, kind, *_ in described}
        return Table(connection, self.path, None, "", tuple(types), _sha256(self.path), types)

    def _open_text(self, connection: duckdb.DuckDBPyConnection) -> Table:
        text = as_utf8(self.path, self._folder)
        delimiter, columns, blank = _heading(text, self.path.name)
        table = Table(connection, self.path, text, delimiter, columns, _sha256(self.path), has_blanks=_has_blanks(text))
        typed = ", ".join(f"{quoted_text(name)}: 'VARCHAR'" for name in columns)
        connection.execute(
            f"CREATE VIEW ratings_file AS SELECT * FROM read_csv({_quoted_path(text)}, auto_detect = false, "
            f"header = true, delim = {quoted_text(delimiter)}, quote = '\"', escape = '\"', columns = {{{typed}}}, "
            f"skip = {blank}{_buffers(text)})"
        )
        return table


def _buffers(text: Path) -> str:
    """DuckDB lets two threads share a short file only if its pieces are small; a line then has at most 256 kB, else 2 MB."""
    size = text.stat().st_size
    if size > SHORT:
        return ""
    return f", max_line_size = {1 << 18}, buffer_size = {1 << 22 if size <= 1 << 22 else 1 << 23}"


def _has_blanks(text: Path) -> bool:
    """Whether labels may have blanks around them: long files are not searched."""
    return text.stat().st_size > SHORT or b" " in text.read_bytes()


def refuse_ragged(table: Table, error: duckdb.Error) -> InputError:
    """What to say when DuckDB could not read `table`: where it stopped, the first ragged line, else DuckDB's own words."""
    stopped = re.search(r"Line: (\d+)[\s\S]*(unterminated quote|Maximum line size)", str(error))
    if stopped:
        return InputError("quote_open" if stopped[2].startswith("u") else "line_too_long", line=stopped[1])
    if table.text is not None:
        for line, row in table.rows():
            if len(row) != len(table.columns):
                return InputError("ragged", line=line, found=len(row), expected=len(table.columns))
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
        head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise InputError("unknown_encoding", path=path.name)


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


def _heading(text: Path, name: str) -> tuple[str, tuple[str, ...], int]:
    """Delimiter, columns, and how many blank lines stand above the heading."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        blank, line = next(((n, line) for n, line in enumerate(stream) if line.strip()), (0, ""))
        if not line:
            raise InputError("empty_file", path=name)
        delimiter = max(DELIMITERS, key=line.count)
        stream.seek(0)
        reader, begun = csv.reader(stream, delimiter=delimiter), blank + 1
        try:
            columns = tuple(cell.strip() for cell in _first_row(reader))
            begun = reader.line_num + 1
            if next((row for row in reader if row), None) is None:
                raise InputError("no_rows", path=name)
        except csv.Error as error:
            raise InputError("line_too_long", line=begun) from error
    for column in columns:
        if columns.count(column) > 1:
            raise InputError("column_twice", column=column)
    return delimiter, columns, blank


def _first_row(reader: Iterator[list[str]]) -> list[str]:
    """The heading; blank lines above it are passed over."""
    return next(row for row in reader if any(cell.strip() for cell in row))


def quoted_name(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _quoted_path(path: Path) -> str:
    """The path as an SQL string that DuckDB does not take for a pattern."""
    return quoted_text(re.sub(r"([*?\[])", r"[\1]", str(path.resolve())))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
