"""The tables of a poll's own two databases, as they are made, and what their rows are called outside. None is Django's.

The desk knows to whom a ballot was issued, and codes by their digest; the box knows slips. In the box each row's key is a keyed hash and
its document is sealed under the poll's key file, so that without that file nothing in the box joins anything.
"""

from dataclasses import dataclass

DESK, BOX = "desk", "box"

# No sequence, no time, no counter. `watermark` is how far the house's own database was when the poll was last looked after.
TABLES = {
    DESK: """
        CREATE TABLE mark (
            entry bigint PRIMARY KEY, pool bigint NOT NULL,
            is_issued boolean NOT NULL DEFAULT false, is_on_paper boolean NOT NULL DEFAULT false,
            is_sheet_printed boolean NOT NULL DEFAULT false, request bytea,
            CONSTRAINT issued_mark_knows_its_request CHECK (
                (NOT is_issued AND NOT is_on_paper AND request IS NULL)
                OR (is_issued AND NOT is_on_paper AND request IS NOT NULL)
                OR (is_issued AND is_on_paper AND request IS NULL)),
            CONSTRAINT sheet_is_printed_for_paper_only CHECK (NOT is_sheet_printed OR is_on_paper)
        ) WITH (fillfactor = 80);
        CREATE TABLE code (entry bigint PRIMARY KEY, digest bytea NOT NULL UNIQUE);
        CREATE TABLE watermark (
            is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one),
            system text NOT NULL, timeline bigint NOT NULL, position pg_lsn NOT NULL);
    """,
    BOX: """
        CREATE TABLE slip (key bytea PRIMARY KEY, document bytea NOT NULL);
        CREATE TABLE held (key bytea PRIMARY KEY, is_cancelled boolean NOT NULL);
        CREATE TABLE paper (
            kind text NOT NULL, key bytea NOT NULL, batch bigint NOT NULL, document bytea NOT NULL,
            PRIMARY KEY (kind, key));
    """,
}


@dataclass(frozen=True)
class Mark:
    """What the desk has of one entry of the roll. `request` recognises a retry of the same blinded serials."""

    entry: int
    pool: int
    is_issued: bool = False
    is_on_paper: bool = False
    is_sheet_printed: bool = False
    request: bytes | None = None


@dataclass(frozen=True)
class Watermark:
    """Which database cluster the house's is, on which timeline, and how far it has written for good."""

    system: str
    timeline: int
    position: int
