"""How faults are written into the log: one line each, with time and level, and without what somebody has sent.

Which are written is in the settings. A line of a request names its page, never its address: addresses lead to what people wrote. Of an
error it names kind and places in the code, never its message, which may hold a row or a stranger's text.
"""

import json
import logging
import time
import traceback
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

PLACES = 4
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")  # any word may be sent as one
SAID_AGAIN_AFTER = 60.0  # seconds
SOURCES = Path(__file__).parents[3]  # `src` of a checkout, or where an installed program lies beside what others wrote
OURS = ("zhengyou", "blindballot", "honestrank", "ownpostgres")


class Brief(logging.Filter):
    """Leaves out where it was noticed, and says the same once a minute: floods of strange requests would bury everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        now, sentence = time.monotonic(), said(record)
        if now - self._said.get(sentence, -SAID_AGAIN_AFTER) < SAID_AGAIN_AFTER:
            return False
        self._said[sentence] = now
        return True


class LogFormat(logging.Formatter):
    """A record as one line of text, or of JSON if `is_json`. Times are of the minute."""

    def __init__(self, *, is_json: bool) -> None:
        super().__init__()
        self.is_json = is_json

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, timezone.get_default_timezone())
        at -= timedelta(seconds=at.second, microseconds=at.microsecond)
        told = {"at": at.isoformat(timespec="minutes"), "level": record.levelname.lower(), "says": said(record)}
        if fault := fault_of(record):
            told["fault"] = fault
        if self.is_json:
            return json.dumps(told, ensure_ascii=False)
        return " ".join(
            [told["at"], told["level"].upper(), told["says"].replace("\n", " "), *([fault] if fault else [])]
        )


def said(record: logging.LogRecord) -> str:
    """The sentence; of a request the page that it reached."""
    request = getattr(record, "request", None)
    if request is None:
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    page = match.view_name or match.route if match else "no page"
    method = request.method if request.method in METHODS else "another method"
    return f"{record.levelname.capitalize()} on {page} ({method}, status {getattr(record, 'status_code', '?')})"


def fault_of(record: logging.LogRecord) -> str:
    """Kind of the error and its last places in our code, the innermost first; nothing if there is none."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    frames = [frame for frame in traceback.extract_tb(record.exc_info[2]) if _is_ours(Path(frame.filename))]
    places = [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno}" for frame in frames[-PLACES:]]
    return f"{record.exc_info[0].__name__} at {' < '.join(reversed(places)) or 'no place of ours'}"


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(SOURCES) and file.relative_to(SOURCES).parts[0] in OURS
