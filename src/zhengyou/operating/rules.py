"""Why a backup or a restore is refused, in words, and what must hold before one begins. Reads nothing."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

COPIED = ("files", "records", "packs")  # folders of the home that a backup holds as they are
OWN_FOLDERS = (*COPIED, "database", "secrets", "polls", "handed", "static", "programs")  # where no backup may be put
LISTING, DUMP, SECRETS = "backup.json", "house.dump", "secrets"
NOTE = "last-backup.json"  # in the home: when and where the last one was made


class OperatingRefused(Refused):
    """A backup or a restore cannot be made; the sentence says what to do."""


def check_is_folder(is_file: bool, folder: Any) -> None:
    """Backups lie in a folder; a file of that name is somebody's."""
    if is_file:
        raise OperatingRefused(
            _("%(folder)s is a file. Name a folder that is empty, or one that does not exist yet.")
            % {"folder": folder},
            reason="backup.not-a-folder",
        )


def check_may_hold_backups(names: Collection[str], *, has_backups: bool, folder: Any) -> None:
    """A folder for backups is empty, or holds backups: whatever else lies there is somebody's."""
    if names and not has_backups:
        raise OperatingRefused(
            _("%(folder)s is not empty and holds no backups. Name an empty folder, or one that does not exist yet.")
            % {"folder": folder},
            reason="backup.folder-not-empty",
        )


def check_is_elsewhere(inside: str, folder: Any) -> None:
    """`inside` is the home's own folder in which the backup would lie, "." for the home itself, or nothing."""
    if inside == ".":
        raise OperatingRefused(
            _("%(folder)s is the home of the system itself. Name a folder of its own, best on another disk.")
            % {"folder": folder},
            reason="backup.inside-the-house",
        )
    if inside:
        raise OperatingRefused(
            _("%(folder)s lies in “%(inside)s”, which the system itself uses. Name a folder outside the home.")
            % {"folder": folder, "inside": inside},
            reason="backup.inside-the-house",
        )


def check_home_is_empty(there: Collection[str], home: Any) -> None:
    """A restore never writes over a house; `there` names what one would lose."""
    if there:
        raise OperatingRefused(
            _(
                "There is a house in %(home)s already (%(there)s), and a restore writes over nothing. Name an empty home with "
                "ZHENGYOU_HOME, or say --replace: what is there is then moved aside."
            )
            % {"home": home, "there": ", ".join(there)},
            reason="restore.home-not-empty",
        )


def check_nobody_serves(is_served: bool) -> None:
    """A restore under a running site would take the database away from its readers."""
    if is_served:
        raise OperatingRefused(
            _("The system is being served, or a command works on it. Stop it, then restore."),
            reason="restore.still-served",
        )


def check_is_known(unknown: Collection[str]) -> None:
    """The programs know the shape of the data: older programs would lose what newer ones had added."""
    if unknown:
        raise OperatingRefused(
            _("This backup was made by a newer Zhengyou (%(what)s). Install that version or a later one, then restore.")
            % {"what": ", ".join(sorted(unknown))},
            reason="restore.newer-data",
        )


def check_database_is_empty(tables: int) -> None:
    """A database of one's own is filled only if nothing is in it."""
    if tables:
        raise OperatingRefused(
            _(
                "The database that DATABASE_URL names is not empty. Make an empty one, name that, and restore; the old one stays as it is."
            ),
            reason="restore.database-not-empty",
        )


def check_has_secrets(*, are_apart: bool, are_given: bool) -> None:
    """Secrets kept apart are named, or done without on purpose."""
    if are_apart and not are_given:
        raise OperatingRefused(
            _(
                "The secrets of this backup lie apart from it. Name their folder with --secrets. Without them everybody signs in again and "
                "codes handed out stop working: if that is what you want, say --new-secrets."
            ),
            reason="restore.secrets-apart",
        )


def check_is_whole(faults: Collection[Any]) -> None:
    """Only a backup that was read to its end is restored."""
    if faults:
        named = "; ".join(map(str, list(faults)[:5]))
        raise OperatingRefused(
            _("This backup is not whole, and nothing was changed: %(faults)s.") % {"faults": named},
            reason="backup.not-whole",
        )


def no_backup_there(folder: Any) -> OperatingRefused:
    """The refusal of a folder without a complete backup."""
    return OperatingRefused(
        _("There is no complete backup in %(folder)s.") % {"folder": folder}, reason="backup.none-there"
    )


def busy(folder: Any) -> OperatingRefused:
    """The refusal of a second backup into the same folder at once."""
    return OperatingRefused(
        _("Another backup into %(folder)s is being made. Wait for its end.") % {"folder": folder}, reason="backup.busy"
    )


def not_written(folder: Any, why: Any) -> OperatingRefused:
    """The refusal after a disk that is full or a folder that cannot be written."""
    return OperatingRefused(
        _(
            "The backup could not be written to %(folder)s, and nothing of it was left there: %(why)s. Make room, or name another folder."
        )
        % {"folder": folder, "why": why},
        reason="backup.not-written",
    )


def not_restored(why: Any) -> OperatingRefused:
    """The refusal after a restore that failed half-way and was undone."""
    return OperatingRefused(
        _("The backup could not be restored, and the home is as it was: %(why)s") % {"why": why},
        reason="restore.failed",
    )


def program_failed(name: str, why: str) -> OperatingRefused:
    """The refusal when the server's own program said no."""
    return OperatingRefused(
        _("%(program)s failed: %(why)s") % {"program": name, "why": why}, reason="backup.program-failed"
    )
