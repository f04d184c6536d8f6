"""Files of the look and the programs have a mark of their content in their names, so that a browser keeps them for good and has the
new one at once when a file changes. Nothing is collected or copied: the mark is worked out from the file that is served.
"""

import hashlib
import os
import re
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import urljoin

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import FileSystemFinder
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.utils.encoding import filepath_to_uri
from whitenoise.middleware import WhiteNoiseMiddleware

LENGTH = 12
MARKED = re.compile(rf"(?P<name>.+)\.[0-9a-f]{{{LENGTH}}}(?P<ending>\.[A-Za-z0-9]+)")

PLACES: dict[str, str] = {}  # where each of our files lies, by its name: they change, and do not move


class HashedStorage(StaticFilesStorage):
    """`{% static 'a.css' %}` gives the name with the mark; a file that is not there keeps its plain name."""

    def url(self, name: str | None, *rest: Any) -> str:
        place = PLACES.get(name or "")
        path = place if place and os.path.exists(place) else finders.find(name) if name else None
        if not isinstance(path, str):
            return super().url(name)
        PLACES[str(name)] = path
        known = os.stat(path)
        base, ending = os.path.splitext(str(name))
        return _address(str(self.base_url), f"{base}.{_mark(path, known.st_mtime_ns, known.st_size)}{ending}")


class HashedFinder(FileSystemFinder):
    """Finds our files by either name, also for whoever serves them without the middleware, as a test's server does."""

    def find(self, path: str, *rest: Any, **how: Any) -> Any:
        return super().find(path, *rest, **how) or super().find(_plain(path), *rest, **how)


class HashedMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves files under both names. Under that with the mark of today they are kept for good; a mark of yesterday, in a page that
    was open while the house was renewed, gets the file of today.
    """

    found: ClassVar[dict[str, Any]] = {}

    def add_files_from_finders(self) -> None:
        """Looks once a process: the files of a house that is served do not change."""
        if not self.found:
            super().add_files_from_finders()
            for name in [url.removeprefix(self.static_prefix) for url in self.files]:
                if path := finders.find(name):
                    self.add_file_to_dictionary(self.get_static_url(name), path)
            self.found.update(self.files)
        self.files.update(self.found)

    def __call__(self, request: Any) -> Any:
        plain = _plain(request.path_info)
        if (
            not self.autorefresh
            and plain != request.path_info
            and request.path_info not in self.files
            and plain in self.files
        ):
            return self.serve(self.files[plain], request)
        return super().__call__(request)

    def get_name_without_hash(self, filename: str) -> str:
        return _plain(filename)


def _plain(name: str) -> str:
    marked = MARKED.fullmatch(name)
    return marked["name"] + marked["ending"] if marked else name


@lru_cache(maxsize=256)
def _address(base: str, name: str) -> str:
    return urljoin(base, filepath_to_uri(name).lstrip("/"))


@lru_cache(maxsize=256)
def _mark(path: str, _changed: int, _size: int) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:LENGTH]
