"""A file to take away, made in memory. Large files of the record are streamed by their own pages."""

from pathlib import PurePath

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".whl": "application/octet-stream",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


def download(data: bytes | str, name: str) -> HttpResponse:
    """The data as a file of this name, which may be Chinese; its kind follows from the name's ending, one of KINDS."""
    name = f"演练-practice-{name}" if settings.IS_PRACTICE else name
    headers = {"Content-Disposition": str(content_disposition_header(True, name))}
    return HttpResponse(data, content_type=KINDS[PurePath(name).suffix], headers=headers)
