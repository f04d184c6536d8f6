"""In which language a command speaks: Chinese where the terminal's is Chinese, else English."""

import os
from collections.abc import Mapping

LANGUAGES = {"zh-hans": "zh-hans", "zh": "zh-hans", "en": "en"}
SPOKEN = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def spoken_language(asked: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The language that was asked for with `--lang`, else that of the terminal."""
    if asked:
        return LANGUAGES[asked]
    spoken = next(filter(None, map(environ.get, SPOKEN)), "")
    return "zh-hans" if spoken.startswith("zh") else "en"
