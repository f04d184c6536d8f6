"""The siege of `siege_bench`, a process of its own: strangers who send passwords, download, search, send slowly and do nothing.

Run by the bench: `python -m tests.bench.siege_load PORT RECORD [KINDS]`; ends at a line on its input, after two minutes at the
latest. Prints how often each kind was answered, by status.
"""

import asyncio
import json
import re
import secrets
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

LASTS = 120.0
SENDERS, DOWNLOADERS, SEARCHERS, SLOW, IDLE = 12, 6, 4, 60, 200
WORDS = ("大村", "大镇8001 大村8001", "路灯", "dachun", "打村8001", "村", "大镇8001大村8001003村委会")

told: Counter[str] = Counter()


async def ask(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
    """One request over a connection of its own, as a stranger's tool makes it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = {"Host": f"localhost:{port}", "Connection": "close", "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        answer = await reader.read()
        while piece := await reader.read(1 << 20):
            answer += piece
        return int(answer[9:12] or b"0"), answer
    finally:
        writer.close()


async def send_passwords(port: int, _record: str) -> str:
    """A login that nobody has, from the real form."""
    _status, page = await ask(port, "GET", "/sign-in/", {})
    found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    cookie = re.search(rb"zhengyou_csrf=(\w+)", page)
    if not found or not cookie:
        return "no form"
    mark = {"Cookie": f"zhengyou_csrf={cookie[1].decode()}", "Content-Type": "application/x-www-form-urlencoded"}
    fields = {"csrfmiddlewaretoken": found[1].decode(), "login": secrets.token_hex(4), "password": secrets.token_hex(8)}
    status, _page = await ask(
        port, "POST", "/sign-in/", mark | {"Origin": f"http://localhost:{port}"}, urlencode(fields).encode()
    )
    return str(status)


async def download(port: int, record: str) -> str:
    """The record's largest file, whole."""
    return str((await ask(port, "GET", record, {"Accept-Encoding": "identity"}))[0])


async def search(port: int, _record: str) -> str:
    """Words that find much, and words that take long."""
    return str((await ask(port, "GET", f"/organisations/?q={quote(secrets.choice(WORDS))}", {}))[0])


async def send_slowly(port: int, _record: str) -> str:
    """A body that arrives a byte a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /sign-in/ HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 4000\r\n\r\n".encode())
    try:
        for _byte in range(40):
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(1)
        return str((await reader.read(64))[9:12], "latin-1")
    finally:
        writer.close()


async def do_nothing(port: int, _record: str) -> str:
    """A connection that says nothing."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        await asyncio.sleep(LASTS)
        return "idle"
    finally:
        writer.close()


KINDS: dict[str, tuple[int, Callable[[int, str], Awaitable[str]]]] = {
    "passwords": (SENDERS, send_passwords),
    "downloads": (DOWNLOADERS, download),
    "searches": (SEARCHERS, search),
    "slow": (SLOW, send_slowly),
    "idle": (IDLE, do_nothing),
}


async def again(name: str, once: Callable[[int, str], Awaitable[str]], port: int, record: str) -> None:
    """One stranger, who comes back at once."""
    while True:
        try:
            told[f"{name} {await once(port, record)}"] += 1
        except (OSError, ValueError) as error:
            told[f"{name} {type(error).__name__}"] += 1
            await asyncio.sleep(0.1)


async def main(port: int, record: str, kinds: list[str]) -> None:
    """Until a line comes, or LASTS is over."""
    strangers = [
        asyncio.create_task(again(name, once, port, record))
        for name, (many, once) in KINDS.items()
        for _stranger in range(many)
        if not kinds or name in kinds
    ]
    asked = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await asyncio.wait([asked], timeout=LASTS)
    for stranger in strangers:
        stranger.cancel()
    print(json.dumps(dict(sorted(told.items()))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3].split(",") if sys.argv[3:] and sys.argv[3] else []))
