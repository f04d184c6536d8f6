"""How faults are written into the log. Which are written is in the settings."""

import logging


class Brief(logging.Filter):
    """Leaves out where in our code it was noticed: floods of strange requests would bury everything else."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True
