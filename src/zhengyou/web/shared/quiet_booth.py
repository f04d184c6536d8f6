"""What of the booth's requests gets into a log: no address and no line for each, since a line has a time and whoever votes has one too."""

import logging
import time

ADDRESSES = ("/booth/", "/issue/")
SAID_AGAIN_AFTER = 60.0


class QuietBooth(logging.Filter):
    """For the loggers of requests. Refusals at the booth are written nowhere; faults once a minute, by their kind alone."""

    def __init__(self) -> None:
        super().__init__()
        self.forget()

    def forget(self) -> None:
        """Begin as if nothing had been said."""
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; one about the booth is made anew, without its address, arguments and traceback."""
        path = getattr(getattr(record, "request", None), "path", "")
        if not path.startswith(ADDRESSES) and not getattr(record, "of_booth", False):
            return True
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        if record.levelno < logging.ERROR or not (kind or getattr(record, "of_booth", False)):
            return False
        if kind:
            record.msg, record.args = "A page of the booth failed: %s", (kind,)
            record.exc_info, record.exc_text, record.stack_info = None, None, None
        return self._is_due(record.getMessage())

    def _is_due(self, sentence: str) -> bool:
        now = time.monotonic()
        if now - self._said.get(sentence, -SAID_AGAIN_AFTER) < SAID_AGAIN_AFTER:
            return False
        self._said[sentence] = now
        return True
