"""Which Chromium the tests drive: rather the one that has no windows, for a third of the processor's work (decision 133)."""

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The program of this machine; None where there is none, and playwright's own is taken, which has no windows either."""
    return next(filter(None, map(shutil.which, NAMES)), None)
