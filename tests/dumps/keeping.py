"""Writes a stopped house into a zip and makes a house of one, in a process with the environment of that house.

`python -m tests.dumps.keeping keep|load FILE`. Nothing is migrated here: that is what the next start does.
"""

import json
import sys
import tempfile
import zipfile
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import django
import psycopg
from psycopg import sql

FOLDERS = ("records", "files", "secrets")
ABOUT, HOUSE, POLLS = "about.json", "house.dump", "polls.json"


def migrations() -> dict[str, str]:
    """The house's migrations, by name, and the hash of each: once a dump knows one it is never written anew."""
    import zhengyou.migrations

    [folder] = zhengyou.migrations.__path__
    return {path.stem: sha256(path.read_bytes()).hexdigest() for path in sorted(Path(folder).glob("0*.py"))}


def keep(file: Path, expected: dict[str, Any]) -> None:
    """The house of this environment as one file."""
    from django.conf import settings

    from zhengyou.operating import dumping, product

    about = expected | {"version": product.version(), "migrations": migrations()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive, tempfile.TemporaryDirectory() as place:
        dumping.write_dump(Path(place) / HOUSE)
        archive.write(Path(place) / HOUSE, HOUSE)
        for folder in FOLDERS:
            for path in sorted((settings.HOME / folder).rglob("*")):
                if path.is_file() and not path.name.startswith("handover"):
                    archive.write(path, str(path.relative_to(settings.HOME)))
        archive.writestr(POLLS, json.dumps({name: _poll(name) for name in settings.POLL_SERVERS.names()}))
        archive.writestr(ABOUT, json.dumps(about, ensure_ascii=False, indent=1))


def _poll(name: str) -> dict[str, Any]:
    from django.conf import settings

    from zhengyou.boxes.models import TABLES

    servers = settings.POLL_SERVERS
    kept: dict[str, Any] = {"key": servers.key(name).hex(), "tables": TABLES, "rows": {}}
    for database in TABLES:
        with servers.lent(name, database) as connection:
            kept["rows"][database] = {
                table: connection.execute(
                    sql.SQL("SELECT coalesce(jsonb_agg(t)::text, '[]') FROM {} t").format(sql.Identifier(table))
                ).fetchone()[0]  # type: ignore[index]
                for table in _tables(connection)
            }
    return kept


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in rows]


def load(file: Path) -> None:
    """The house in this environment's empty home, with the shape that it had. Its open polls know it as the house they knew."""
    from django.conf import settings

    from zhengyou.operating import dumping

    with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory() as place:
        dumping.read_dump_into_house(Path(archive.extract(HOUSE, place)))
        for name in archive.namelist():
            if name.split("/")[0] in FOLDERS:
                archive.extract(name, settings.HOME)
        for name, kept in json.loads(archive.read(POLLS)).items():
            _make_poll(name, kept)


def _make_poll(name: str, kept: dict[str, Any]) -> None:
    """A server with the tables of that time, as an upgrade finds it, and not with those of today."""
    from django.conf import settings

    from zhengyou.boxes import actions, queries

    servers = settings.POLL_SERVERS
    servers.make(name)
    key = Path(servers.folder) / name / "key"
    key.write_bytes(bytes.fromhex(kept["key"]))
    for database, ddl in kept["tables"].items():
        with servers.lent(name, database) as connection:
            for table in _tables(connection):
                connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(table)))
            connection.execute(ddl)
            for table, rows in kept["rows"][database].items():
                into = sql.SQL("INSERT INTO {} SELECT * FROM jsonb_populate_recordset(NULL::{}, %s::jsonb)")
                connection.execute(into.format(sql.Identifier(table), sql.Identifier(table)), [rows])
            connection.commit()
    actions.keep_watermark(poll=name, house=queries.watermark_of_house())  # type: ignore[arg-type]


def main(deed: str, file: str) -> None:
    """One deed, with the house's own database started for it."""
    django.setup()
    from django.conf import settings

    with ExitStack() as stack:
        for cluster in settings.EMBEDDED_CLUSTERS.values():
            stack.enter_context(cluster)
        try:
            if deed == "keep":
                keep(Path(file), json.load(sys.stdin))
            else:
                load(Path(file))
        finally:
            settings.POLL_SERVERS.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
