"""A file to take away, made in memory or streamed from a file that lies ready. A practice house says so in the name."""

from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".txt": "text/plain; charset=utf-8",
    ".whl": "application/octet-stream",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def download(data: bytes | str, name: str) -> HttpResponse:
    """The data as a file of this name, which may be Chinese; its kind follows from the name's ending, one of KINDS."""
    headers = {"Content-Disposition": str(content_disposition_header(True, _marked(name)))}
    return HttpResponse(data, content_type=KINDS[PurePath(name).suffix], headers=headers)


def streamed(file: IO[bytes], name: str) -> FileResponse:
    """An open file under this name, a piece at a time; it is closed at the end."""
    return FileResponse(file, as_attachment=True, filename=_marked(name))


def _marked(name: str) -> str:
    return f"演练-practice-{name}" if settings.IS_PRACTICE else name
