"""Where the answer goes: full disks, readers that go away and terminals that know few signs end in a sentence, never in a traceback."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from honestrank.words.wording import Language, say

UNWRITTEN, READER_GONE = 4, 141


class UnwritableError(OSError):
    """A folder that cannot be written into: `filename` names it, `strerror` says why."""


@contextmanager
def writing_into(folder: Path) -> Iterator[None]:
    """Turn what goes wrong while files are written into `UnwritableError`."""
    try:
        yield
    except OSError as error:
        raise UnwritableError(error.errno, error.strerror or str(error), str(folder)) from error


def guarded(work: Callable[[], int], language: Language) -> int:
    """The exit code of `work`; 4 with a sentence where its answer cannot be written, 141 in silence where nobody reads it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A sign that the terminal does not have is written as its number.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _flushed(work)
    except BrokenPipeError:
        _drop_the_rest()
        return READER_GONE
    except UnwritableError as error:
        sys.stderr.write(say("folder_unwritable", language, path=error.filename, reason=error.strerror) + "\n")
        return UNWRITTEN
    except OSError as error:
        _drop_the_rest()
        sys.stderr.write(say("answer_unwritable", language, reason=error.strerror) + "\n")
        return UNWRITTEN


def _flushed(work: Callable[[], int]) -> int:
    """What waits in the stream is written here, where its failure can still be said."""
    try:
        code = work()
    except SystemExit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return code


def _drop_the_rest() -> None:
    """What waits in the stream would fail again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
