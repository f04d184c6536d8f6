"""What a cluster's server is told: its settings, and who may come in. Written before every start, beside the data."""

import os
from collections.abc import Iterable
from pathlib import Path

PORT = 5432  # names the socket's file; nothing listens on TCP
FILES = ("postgresql.conf", "pg_hba.conf", "pg_ident.conf")

COMMON = {
    "listen_addresses": "", "port": str(PORT), "unix_socket_permissions": "0700", "max_connections": "100",
    "shared_buffers": "128MB", "logging_collector": "off", "timezone": "UTC", "log_timezone": "UTC",
    # A log line has a time: beside it no statement and no row, which may be somebody's who just went to vote.
    "log_min_error_statement": "panic", "log_error_verbosity": "terse",
}  # fmt: skip
VOLATILE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# Nothing that tells who did what when: no archive, no replica, no statement, value or query text kept or shown.
PRIVATE = {
    "wal_level": "minimal", "max_wal_senders": "0", "max_replication_slots": "0", "archive_mode": "off",
    "track_commit_timestamp": "off", "track_activities": "off", "update_process_title": "off",
    "log_statement": "none", "log_min_messages": "log", "log_min_duration_statement": "-1", "log_connections": "off",
    "log_disconnections": "off", "log_checkpoints": "off", "log_autovacuum_min_duration": "-1", "autovacuum": "on",
    # Small, because many of them run beside each other, each for a short time and with two small databases.
    "shared_buffers": "16MB", "max_connections": "60", "max_wal_size": "128MB", "autovacuum_max_workers": "1",
    "max_parallel_workers": "0", "max_logical_replication_workers": "0",
}  # fmt: skip


def write_settings(
    folder: Path, sockets: Path, *, role: str, people: Iterable[str], durable: bool, private: bool
) -> None:
    """Writes the files into the cluster's folder. The system's users `people` come in as the one role; nobody else does."""
    settings = COMMON | ({} if durable else VOLATILE) | (PRIVATE if private else {})
    settings["unix_socket_directories"] = '"' + str(sockets).replace('"', '""') + '"'
    for name in ("hba", "ident"):
        settings[f"{name}_file"] = str(folder / f"pg_{name}.conf")
    lines = ["include 'data/postgresql.conf'", *(f"{name} = {_quoted(value)}" for name, value in settings.items())]
    owners = [f'owner "{person}" {role}' for person in sorted(people)]
    for name, text in zip(FILES, ("\n".join(lines), "local all all peer map=owner", "\n".join(owners)), strict=True):
        path = folder / name
        path.write_bytes(os.fsencode(text + "\n"))
        path.chmod(0o644)


def quiet_io(data: Path) -> None:
    """Has a new server read by itself and not through three more processes (PostgreSQL 18 and later)."""
    if int((data / "PG_VERSION").read_text().partition(".")[0]) >= 18:
        with (data / "postgresql.conf").open("a") as settings:
            settings.write("io_method = 'sync'\n")


def _quoted(value: str) -> str:
    """A value for PostgreSQL's settings file."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
