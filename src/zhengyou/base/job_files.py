"""Files that jobs make for the one who asked: readable by the house's own account only, gone an hour after they were taken.

They lie outside everything that is served, and may hold secrets. A file that is not finished has another name and is nobody's.
"""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import Referable, locked
from zhengyou.base.models import Job
from zhengyou.base.refusals import Refused

# Since it was made, and once more since it was first taken: a download that breaks off costs nothing, and nobody leaves
# codes lying about.
LIES_FOR = timedelta(hours=1)


class FileRefused(Refused):
    """The file is somebody else's, or gone."""


def place_of(job: Job) -> Path:
    """Where the finished file of a job lies."""
    return Path(settings.HANDED) / str(job.pk)


@contextmanager
def written(job: Job) -> Iterator[IO[bytes]]:
    """A file to write into, which lies finished in its place after the context; after an error there is none."""
    place, half = place_of(job), _half(job)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def into_file(
    job: Job,
    name: str,
    write: Callable[..., Generator[tuple[int, int], None, Any]],
    take: Callable[[Any], object],
    earlier: Callable[[Job], None] = lambda _job: None,
) -> Generator[tuple[int, int], None, None]:
    """Write a file step by step; only once it lies there whole `take` lets work what was made, or the file goes with it."""
    with written(job) as file:
        made = yield from write(file=file)
    try:
        with transaction.atomic():
            take(made)
            Job.objects.filter(pk=job.pk).update(file=name, taken_at=None)
        earlier(job)
    except BaseException:
        drop(job)
        raise


def drop_earlier(job: Job) -> None:
    """Files of the same kind about the same that were made before lie nowhere any more: what stands in them has just stopped working."""
    for earlier in Job.objects.filter(kind=job.kind, about=job.about, part=job.part, pk__lt=job.pk).exclude(file=""):
        drop(earlier)


def hand_in(job: Job, data: bytes) -> None:
    """Lay down what a job is to read, for a caller whose transaction asks for it. It goes with the job's end, or with `drop`."""
    place = _handed_in(job)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def handed_in(job: Job) -> bytes:
    """What a job is to read. Raises FileRefused once it is gone."""
    try:
        return _handed_in(job).read_bytes()
    except FileNotFoundError as error:
        raise FileRefused(_("The file is gone. Choose it again."), reason="file.gone") from error


def until(job: Job, at: datetime) -> datetime | None:
    """Until when the file of a job can be taken; None if there is none any more."""
    return None if not job.file or job.ended_at is None or _is_stale(job, at) else _end_of(job)


@transaction.atomic
def take(*, job: Job, at: datetime, by: Referable) -> tuple[IO[bytes], str]:
    """The open file and its name. The same person may take it again within an hour, for a download may break off.

    Raises FileRefused for somebody else, and once it is gone.
    """
    row = _locked_for(job, by)
    place, name = place_of(row), row.file
    if not name or _is_stale(row, at) or not place.exists():
        raise FileRefused(
            _("This file is gone: it lay here for an hour, or was deleted. Ask for a new one."), reason="file.gone"
        )
    if row.taken_at is None:
        row.taken_at = at
        row.save(update_fields=["taken_at"])
    return place.open("rb"), name


@transaction.atomic
def put_away(*, job: Job, by: Referable) -> None:
    """Delete a file before its hour is over, as the person who has it safely. Raises FileRefused for somebody else. Idempotent."""
    drop(_locked_for(job, by))


def drop(job: Job) -> None:
    """Delete what a job has made to be taken away. Idempotent; for a caller with a transaction."""
    Job.objects.filter(pk=job.pk).update(file="")
    for path in (place_of(job), _half(job), _handed_in(job)):
        path.unlink(missing_ok=True)


def drop_about(about: str) -> None:
    """Delete all such files about something. Idempotent."""
    for job in Job.objects.filter(about=about).exclude(file=""):
        drop(job)


def forget_files(*, at: datetime) -> None:
    """Delete the files that have lain for an hour, and what killed workers left behind. Idempotent."""
    for job in Job.objects.exclude(file=""):
        if _is_stale(job, at):
            drop(job)
    folder = Path(settings.HANDED)
    known = Job.objects.exclude(file="") | Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
    kept = {str(number) for number in known.values_list("pk", flat=True)}
    for path in folder.iterdir() if folder.exists() else ():
        if path.name.partition(".")[0] not in kept:
            path.unlink(missing_ok=True)


def _locked_for(job: Job, by: Referable) -> Job:
    row = locked(job)
    if row.by != by.reference:
        raise FileRefused(_("Only the person who asked for this file may take it."), reason="file.not-yours")
    return row


def _handed_in(job: Job) -> Path:
    return place_of(job).with_suffix(".handed-in")


def _half(job: Job) -> Path:
    return place_of(job).with_suffix(".half")


def _is_stale(job: Job, at: datetime) -> bool:
    return job.ended_at is not None and _end_of(job) <= at


def _end_of(job: Job) -> datetime:
    """An hour after it was made; an hour after it was first taken, if it was."""
    begun = job.taken_at or job.ended_at
    assert begun is not None
    return begun + LIES_FOR
