"""What `doctor` may find, each judgement on its own: what was seen goes in, findings come out. Nothing is read here."""

import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

WRONG, LOOK = "wrong", "look"  # must be mended; is worth a look
LEAST_FREE, LITTLE_FREE = 500_000_000, 2_000_000_000
CLOCK_MAY_DIFFER = timedelta(minutes=1)
BACKUP_IS_OLD = timedelta(days=7)
OLDEST_SERVER = 14
TABLES_NAMED, MOST_NAMED = 5, 3


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or worth a look: its slug, what it is, and what to do."""

    slug: str
    severity: str
    what: Any
    advice: Any


@dataclass(frozen=True)
class Place:
    """A file or folder as it lies there. `most` are the rights that it may give at most."""

    path: str
    mode: int
    most: int


@dataclass(frozen=True)
class RecordSeen:
    """The record of a closed poll as it lies there: the fingerprint in the house's row, its own ("" for none), broken files."""

    poll: str
    expected: str
    fingerprint: str
    broken: tuple[str, ...] = ()


def about_rights(places: Iterable[Place]) -> list[Finding]:
    """Files and folders that more people of this machine can read than must."""
    return [
        Finding(
            "rights.too-open",
            WRONG,
            _("Others on this machine can read %(path)s (its rights are %(mode)s).")
            % {"path": place.path, "mode": f"{stat.S_IMODE(place.mode):04o}"},
            _("Run: chmod %(most)s %(path)s") % {"most": f"{place.most:04o}", "path": place.path},
        )
        for place in places
        if stat.S_IMODE(place.mode) & ~place.most & 0o077
    ]


def about_disk(free: int) -> list[Finding]:
    """The room that is left where the house lies."""
    if free >= LITTLE_FREE:
        return []
    is_wrong = free < LEAST_FREE
    return [
        Finding(
            "disk.nearly-full",
            WRONG if is_wrong else LOOK,
            _("Only %(free)d MB are free where the system lies. A full disk stops casting and closing.")
            % {"free": free // 1_000_000},
            _("Delete what is not the system’s, move old backups away, or give the disk more room."),
        )
    ]


def about_clock(here: datetime, at_server: datetime, newest_deed: datetime | None) -> list[Finding]:
    """The machine's clock beside the database's, and beside the newest deed, which cannot lie in the future."""
    found = []
    if abs(here - at_server) > CLOCK_MAY_DIFFER:
        found.append(
            Finding(
                "clock.differs",
                WRONG,
                _(
                    "The clock of this machine says %(here)s, the database’s %(there)s. Polls open and close by the clock."
                )
                % {"here": here.isoformat(timespec="seconds"), "there": at_server.isoformat(timespec="seconds")},
                _("Have both machines set their clocks over the network (timedatectl set-ntp true)."),
            )
        )
    if newest_deed is not None and newest_deed > here + CLOCK_MAY_DIFFER:
        found.append(
            Finding(
                "clock.behind",
                WRONG,
                _("The newest entry of the journal is of %(deed)s, later than this machine’s clock: %(here)s.")
                % {"deed": newest_deed.isoformat(timespec="seconds"), "here": here.isoformat(timespec="seconds")},
                _("Set the clock before anybody opens or closes a poll, and look who set it wrongly before."),
            )
        )
    return found


def about_shape(applied: Collection[str], known: Collection[str], server: int) -> list[Finding]:
    """Programs and data of two versions."""
    newer, missing = sorted(set(applied) - set(known)), sorted(set(known) - set(applied))
    found = []
    if newer:
        found.append(
            Finding(
                "data.newer",
                WRONG,
                _("The data was changed by a newer Zhengyou: %s.") % _named(newer),
                _("Install that version or a later one. Do not serve with this one."),
            )
        )
    elif missing:
        found.append(
            Finding(
                "data.older",
                LOOK,
                _("The data has an older shape than the programs expect: %s.") % _named(missing),
                _("Start “zhengyou serve” once: it brings the data to the present shape. Make a backup before."),
            )
        )
    return found + _about_server(server)


def _named(changes: list[str]) -> str:
    """The last ones by name: a new house lacks them all."""
    return ", ".join(("…", *changes[-MOST_NAMED:]) if len(changes) > MOST_NAMED else changes)


def about_lacking(lacking: Sequence[str]) -> list[Finding]:
    """Tables and columns that the programs expect, though every migration is done: of sources between two releases."""
    if not lacking:
        return []
    return [
        Finding(
            "data.unfit",
            WRONG,
            _("The data does not fit the programs; missing: %s.") % ", ".join(lacking[:TABLES_NAMED]),
            _("Start the sources or the release that made it. A demo is made anew by “make demo FRESH=1”."),
        )
    ]


def _about_server(major: int) -> list[Finding]:
    if major >= OLDEST_SERVER:
        return []
    what = _("The database’s server is PostgreSQL %d.") % major
    return [Finding("server.too-old", WRONG, what, _("Use version 14 or newer."))]


def about_parts(missing: Sequence[str]) -> list[Finding]:
    """What is built and not committed: programs for browsers, the compiled catalogue."""
    if not missing:
        return []
    return [
        Finding(
            "parts.missing",
            WRONG,
            _("These parts were not built: %s. Without them nobody can vote, or pages are in one language only.")
            % ", ".join(missing),
            _("Run: make setup"),
        )
    ]


def about_settings(
    *, hosts: Sequence[str], local: Sequence[str], https: bool, behind_proxy: bool, debug: bool
) -> list[Finding]:
    """Names, HTTPS and debugging, as the environment sets them."""
    public = [host for host in hosts if host not in local]
    is_in_clear, is_any = bool(public) and not https, "*" in hosts
    named = ", ".join(public)
    said = (
        (
            debug,
            Finding(
                "settings.debug",
                WRONG,
                _("ZHENGYOU_DEBUG is on: pages about errors show sources and settings to anybody."),
                _("Take the variable away."),
            ),
        ),
        (is_in_clear, _in_clear(named)),
        (is_any, _any_host()),
        (https and not behind_proxy, _unannounced()),
    )
    return [finding for is_so, finding in said if is_so]


def _in_clear(named: str) -> Finding:
    return Finding(
        "settings.no-https",
        WRONG,
        _("The site answers as %s without ZHENGYOU_HTTPS=1: cookies travel in clear, and the booth refuses to work.")
        % named,
        _("Put a proxy with HTTPS in front, and set ZHENGYOU_HTTPS=1 and ZHENGYOU_BEHIND_PROXY=1."),
    )


def _any_host() -> Finding:
    what = _("ZHENGYOU_HOSTS admits every name.")
    return Finding("settings.any-host", WRONG, what, _("List the names under which people reach the site."))


def _unannounced() -> Finding:
    return Finding(
        "settings.proxy-unannounced",
        LOOK,
        _("ZHENGYOU_HTTPS is on, but no proxy is announced, and “serve” itself speaks no HTTPS."),
        _("Set ZHENGYOU_BEHIND_PROXY=1 if a proxy ends HTTPS on this machine."),
    )


def about_polls(
    *, without_box: Sequence[str], only_void: Sequence[str], box_left: Sequence[str], unknown: Sequence[str]
) -> list[Finding]:
    """Polls beside their servers: each list has keys of polls."""
    said = (
        (
            without_box,
            "poll.no-box",
            _("The server of the open poll %s is gone, with its ballots."),
            _("Two people in the office declare it void and hold it again."),
        ),
        (
            only_void,
            "poll.only-void",
            _("The open poll %s cannot go on: the system was restored, or its box is lost."),
            _("Two people in the office declare it void and hold it again."),
        ),
        (
            box_left,
            "poll.box-left",
            _("The poll %s is over, and its box still waits for its destruction: the close is not done."),
            _("Start “zhengyou serve”, which destroys it; if it stays, look into its server.log below “polls”."),
        ),
        (
            unknown,
            "poll.unknown-box",
            _("There is the box of a poll %s that this system does not know as open."),
            _("If the system was restored from a backup older than that poll, delete its folder below “polls”."),
        ),
    )
    return [Finding(slug, WRONG, what % key, advice) for keys, slug, what, advice in said for key in keys]


def about_records(seen: Iterable[RecordSeen], strangers: Sequence[str]) -> list[Finding]:
    """Records of closed polls beside their rows; `strangers` are signed ones of polls that this house does not know as closed."""
    found = []
    from_backup = _(
        "Take the folder from a backup or from somebody who downloaded it; the page of the poll names its fingerprint."
    )
    for one in seen:
        if not one.fingerprint:
            what = _("The record of the poll %s is missing, cut off, or not signed.") % one.poll
            found.append(Finding("record.missing", WRONG, what, from_backup))
        elif one.fingerprint != one.expected:
            what = _("The record of the poll %s is another one than was published.") % one.poll
            found.append(Finding("record.another", WRONG, what, from_backup))
        elif one.broken:
            what = _("Files of the record of the poll %(poll)s were changed: %(files)s.") % {
                "poll": one.poll,
                "files": ", ".join(one.broken),
            }
            found.append(Finding("record.changed", WRONG, what, from_backup))
    found += [
        Finding(
            "record.unknown",
            LOOK,
            _("There is a signed record of the poll %s, which this system does not know as closed.") % key,
            _("Keep it: it was signed after the backup that was restored here. Nothing is written over it."),
        )
        for key in strangers
    ]
    return found


def about_chain(*, wrong_entries: int, wrong_leaves: int) -> list[Finding]:
    """Public entries and journal, checked by their own commands."""
    found = []
    if wrong_entries:
        what = _("%d things are wrong with the public entries.") % wrong_entries
        found.append(
            Finding(
                "entries.wrong",
                WRONG,
                what,
                _("Run: zhengyou entries check. Then ask who could write to the database."),
            )
        )
    if wrong_leaves:
        what = _("%d entries of the journal were changed after they were written.") % wrong_leaves
        found.append(
            Finding(
                "journal.wrong",
                WRONG,
                what,
                _("Run: zhengyou journal check. Then ask who could write to the database."),
            )
        )
    return found


def about_cases(wrong_weeks: int) -> list[Finding]:
    """Figures of cases that are kept by week, held against the cases."""
    if not wrong_weeks:
        return []
    return [
        Finding(
            "cases.weeks-wrong",
            WRONG,
            _("The kept figures of %d weeks are not what their cases say.") % wrong_weeks,
            _("Ask who could write to the database. A week that is removed from its table is counted again."),
        )
    ]


def about_jobs(stranded: int) -> list[Finding]:
    """Jobs that nobody works off."""
    if not stranded:
        return []
    return [
        Finding(
            "jobs.stranded",
            WRONG,
            _("%d jobs have waited for more than a minute, and no worker was seen.") % stranded,
            _("Start “zhengyou serve”, which has a worker, or “zhengyou work” beside the pages."),
        )
    ]


def about_backup(made_at: datetime | None, here: datetime) -> list[Finding]:
    """The age of the last backup that this home knows of."""
    advice = _("Run: zhengyou backup FOLDER, every night, and zhengyou backup --check FOLDER now and then.")
    if made_at is None:
        return [Finding("backup.none", LOOK, _("No backup was ever made of this system."), advice)]
    if here - made_at > BACKUP_IS_OLD:
        what = _("The last backup is %d days old.") % (here - made_at).days
        return [Finding("backup.old", WRONG, what, advice)]
    return []


def about_database(why: str) -> list[Finding]:
    """A database that does not answer, so that half of this could not be looked at."""
    return [
        Finding(
            "database.silent",
            WRONG,
            _("The database does not answer, so polls, records, entries and jobs were not looked at: %s") % why,
            _("Read what its log says (database/server.log), or start the server that DATABASE_URL names."),
        )
    ]
