"""What `doctor` looks at: reads machine, home and database, and hands each thing to its judgement in `findings`."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhengyou.base import entries_checked, jobs, journal, shape
from zhengyou.base.models import Job, JournalEntry
from zhengyou.base.words import in_readers_words
from zhengyou.boxes import queries as box_queries
from zhengyou.cases import tallies as case_tallies
from zhengyou.counting import queries as counting_queries
from zhengyou.operating import dumping, findings, product, queries
from zhengyou.operating.findings import Finding, Place, RecordSeen
from zhengyou.operating.proxies import about_proxy
from zhengyou.operating.rules import NOTE
from zhengyou.polls import queries as poll_queries
from zhengyou.polls.models import Poll

PRIVATE = {
    "secrets": 0o700,
    "files": 0o700,
    "records": 0o700,
    "handed": 0o700,
    "packs": 0o755,
    "polls": 0o711,
    "database": 0o711,
}


def around_the_house(*, home: Path, proxies: list[Path], at: datetime) -> list[Finding]:
    """What can be seen without the database: rights, disk, parts, settings, the last backup, and the texts of proxies."""
    found = findings.about_rights(_places(home))
    found += findings.about_disk(shutil.disk_usage(next(one for one in (home, *home.parents) if one.exists())).free)
    found += findings.about_parts(product.not_built())
    found += findings.about_settings(
        hosts=settings.ALLOWED_HOSTS, local=settings.LOCAL_HOSTS, https=settings.HTTPS, debug=settings.DEBUG,
        behind_proxy=settings.SECURE_PROXY_SSL_HEADER is not None,
    )  # fmt: skip
    found += findings.about_backup(last_backup_at(home), at)
    for path in proxies:
        found += about_proxy(path.read_text(encoding="utf-8", errors="replace"))
    return found


def inside_the_house(*, at: datetime) -> list[Finding]:
    """What only the database knows. Raises DatabaseError where it does not answer; without its tables only its shape is judged."""
    applied = queries.migrations_applied()
    found = findings.about_shape(applied, queries.migrations_known(), dumping.server_major())
    if found and found[0].slug in ("data.older", "data.newer"):
        return found
    if lacking := findings.about_lacking(shape.lacking()):
        return lacking
    looks: tuple[Callable[[datetime], list[Finding]], ...] = (
        _clock,
        _polls,
        _records,
        _chain,
        _cases,
        _jobs,
    )
    return found + [finding for look in looks for finding in look(at)]


def last_backup_at(home: Path) -> datetime | None:
    """When the last backup of this home was made, as `backup` noted it."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return datetime.fromisoformat(json.loads((home / NOTE).read_text())["at"])
    return None


def _places(home: Path) -> Iterator[Place]:
    most = [(home / name, rights) for name, rights in PRIVATE.items()]
    most += [(path, 0o600) for path in (home / "secrets").glob("*")] + [
        (path, 0o600) for path in (home / "polls").glob("*/key")
    ]
    most += [(path, 0o600) for path in (home / "records").glob("*/handover-for-scrutineers.jsonl")]
    for path, rights in most:
        with suppress(FileNotFoundError):
            yield Place(str(path), path.stat().st_mode, rights)


def _clock(at: datetime) -> list[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    newest = JournalEntry.objects.order_by("-at").values_list("at", flat=True).first()
    return findings.about_clock(at, there.astimezone(UTC), newest)


def _polls(_at: datetime) -> list[Finding]:
    opened, boxes = poll_queries.open_polls(), set(box_queries.polls_with_box())
    left = poll_queries.polls_with_box_left()
    known = {poll.key for poll in opened} | {poll.key for poll in left}
    return findings.about_polls(
        without_box=[_called(poll) for poll in opened if poll.key not in boxes and not poll.only_void],
        only_void=[_called(poll) for poll in opened if poll.only_void],
        box_left=[_called(poll) for poll in left],
        unknown=[str(key) for key in sorted(boxes - known)],
    )


def _called(poll: Poll) -> str:
    """The name that people know, and the key that its folders are called by."""
    return f"“{in_readers_words(poll.name)}” ({poll.key})"


def _records(_at: datetime) -> list[Finding]:
    closed = {str(poll.key): poll for poll in Poll.objects.filter(state=Poll.State.CLOSED)}
    seen = [_record_of(poll) for poll in closed.values()]
    there = {path.parents[1].name: path.parent for path in Path(settings.RECORDS).glob("*/record/record.json")}
    strangers = [key for key in sorted(set(there) - set(closed)) if counting_queries.signed_record(there[key])]
    return findings.about_records(seen, strangers)


def _record_of(poll: Poll) -> RecordSeen:
    record = counting_queries.signed_record(counting_queries.record_folder(poll))
    if record is None:
        return RecordSeen(_called(poll), poll.record_fingerprint, "")
    return RecordSeen(_called(poll), poll.record_fingerprint, record.fingerprint, record.broken)


def _chain(_at: datetime) -> list[Finding]:
    return findings.about_chain(wrong_entries=entries_checked.check().wrong, wrong_leaves=journal.check_leaves().wrong)


def _cases(_at: datetime) -> list[Finding]:
    return findings.about_cases(len(case_tallies.wrong()))


def _jobs(at: datetime) -> list[Finding]:
    return findings.about_jobs(len(jobs.stranded(Job.objects.filter(state=Job.State.WAITING), at)))
