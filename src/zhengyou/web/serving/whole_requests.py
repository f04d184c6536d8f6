"""What stands before Django in each worker: takes a request in whole, within a time and a size, and only then gives it a thread.

There are few threads, each with its database connections; a server that hands them requests whose bodies are still on their way
stands still as soon as a handful of clients send slowly. Files go out in pieces, so a slow reader holds no thread either
(docs/decisions/0019-whole-requests.md).
"""

import asyncio
import sys
from collections.abc import Callable, Iterable
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import FileWrapper

from zhengyou.web.serving.lanes import Busy, Lanes, lane_of

MEGABYTE = 1024 * 1024
LARGEST_BODY = 32 * MEGABYTE
LARGEST_READ = (
    256 * MEGABYTE
)  # beyond LARGEST_BODY thrown away: a browser shows an answer only once it has sent everything
KEPT_IN_MEMORY = 4 * MEGABYTE
PIECE = 65_536
PATIENCE = 30.0  # seconds for any body, and for a large one as many more as its bytes take at SLOWEST
SLOWEST = 8_192  # bytes a second
PAGE_HEADERS = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
BUSY_HEADERS = [*PAGE_HEADERS, ("retry-after", "10")]
TOO_LARGE_HEADERS = [*PAGE_HEADERS, ("connection", "close")]
CONTENT_HEADERS = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class TooLarge(Exception):
    """The body is larger than anything the house takes."""


class WholeRequests:
    """An RSGI application around a WSGI one. `busy` is the page for whom a lane has no place left, `too_large` for whoever sends
    more than the house takes.
    """

    def __init__(self, application: WSGIApplication, busy: bytes, too_large: bytes) -> None:
        self.application = application
        self.busy, self.too_large = busy, too_large
        self.lanes = Lanes()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request."""
        with SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            try:
                length = await take_in(scope, protocol, body)
            except TimeoutError:
                protocol.response_empty(408, [("connection", "close")])
                return
            except TooLarge:
                protocol.response_bytes(413, TOO_LARGE_HEADERS, self.too_large)
                return
            environ = environ_of(scope, cast("IO[bytes]", body), length)
            lane = lane_of(scope.method, scope.path, scope.query_string)
            try:
                status, headers, answer = await self.lanes.answer(lane, partial(self.answer, environ))
            except Busy:
                protocol.response_bytes(503, BUSY_HEADERS, self.busy)
                return
            if isinstance(answer, bytes):
                protocol.response_bytes(status, headers, answer)
                return
            try:
                out = protocol.response_stream(status, headers)
                while piece := answer.filelike.read(PIECE):
                    await out.send_bytes(piece)
            finally:
                await self.lanes.end(lane, answer.filelike.close)

    def answer(self, environ: WSGIEnvironment) -> tuple[int, list[tuple[str, str]], bytes | FileWrapper]:
        """What Django answers, in one of the threads: status, headers, and the body or the file that holds it."""
        told: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> Callable[[bytes], object]:
            told.append((int(status.split(maxsplit=1)[0]), [(name.lower(), value) for name, value in headers]))
            return lambda _data: None

        pieces: Iterable[bytes] = self.application(environ, cast("StartResponse", start_response))
        if isinstance(pieces, FileWrapper):
            return *told[0], pieces
        try:
            return *told[0], b"".join(pieces)
        finally:
            getattr(pieces, "close", bool)()


async def take_in(scope: Any, protocol: Any, body: "SpooledTemporaryFile[bytes]") -> int:
    """Read the request's body into the file, and return its length. Raises TimeoutError or TooLarge, this after what is too
    large was read and dropped.
    """
    announced = scope.headers.get("content-length") or "0"
    expected = int(announced) if announced.isdecimal() else 0
    if expected > LARGEST_READ:
        raise TooLarge
    length = 0
    async with asyncio.timeout(PATIENCE + min(expected, LARGEST_BODY) / SLOWEST):
        async for piece in protocol:
            length += len(piece)
            if length > LARGEST_READ:
                raise TooLarge
            if max(length, expected) <= LARGEST_BODY:
                body.write(piece)
    if length > LARGEST_BODY:
        raise TooLarge
    body.seek(0)
    return length


def environ_of(scope: Any, body: IO[bytes], length: int) -> WSGIEnvironment:
    """The request as WSGI has it (PEP 3333), without the sender's address, which nothing in the house asks for."""
    name, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode(errors="surrogateescape").decode("latin-1"),
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for header, value in scope.headers.items():
        if "_" in header:
            continue  # in WSGI it would pass for the header with a dash, which a proxy may have set or taken away
        key = CONTENT_HEADERS.get(header) or f"HTTP_{header.upper().replace('-', '_')}"
        joint = "; " if header == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ | {"CONTENT_LENGTH": str(length)}
