"""Browsers of two more engines for a journey: Debian's Firefox (Gecko) and WebKitGTK, each at a phone's width.

Both speak WebDriver: WebKitGTK by its own driver over HTTP, Firefox by the socket behind `--marionette`, since Debian has no
geckodriver. Only what a journey needs is here; Chromium stays with playwright (conftest.py).
"""

import http.client
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 390, 844
PATIENCE = 60.0  # seconds for anything: a busy machine is no fault of a browser
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver's own key of an element
QUIET = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.backup.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.ipc.processPrelaunch.enabled": False,
    "intl.accept_languages": "zh-CN, zh",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
# As Firefox's own design mode for phones does it: a window cannot be made as narrow as a phone.
NARROW = """
const { style } = gBrowser.selectedBrowser;
for (const side of ["min", "max"]) {
  style.setProperty(`${side}-width`, `${arguments[0]}px`);
  style.setProperty(`${side}-height`, `${arguments[1]}px`);
}
"""


class Driver(ABC):
    """One window of one browser."""

    @abstractmethod
    def go(self, url: str) -> None:
        """Open an address."""

    @abstractmethod
    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns in the page."""

    @abstractmethod
    def find(self, selector: str) -> str:
        """WebDriver's name of the first element."""

    @abstractmethod
    def click(self, element: str) -> None:
        """Click as a hand does: what is covered or not in sight is an error."""

    def wait(self, condition: str, *arguments: Any) -> Any:
        """What this expression in the page gives once it is true of it. Raises AssertionError if that takes too long."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if given := self.run(f"return {condition}", *arguments):
                return given
            time.sleep(0.05)
        alert = self.run("return document.body.innerText.slice(0, 2000)")
        raise AssertionError(f"never true: {condition}\n{alert}")

    def press(self, selector: str) -> None:
        """Click the first of these once the page has it and takes clicks again."""
        self.wait("document.querySelector(arguments[0]) && !document.querySelector('[aria-busy]')", selector)
        self.run(
            "document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector
        )  # off the bar below
        self.click(self.find(selector))

    def text(self, selector: str) -> str:
        """What the first of these says, once it is there."""
        return str(self.wait("document.querySelector(arguments[0])?.innerText", selector))


class WebDriverError(Exception):
    """A browser's own words about a command that it could not do."""


class Firefox(Driver):
    """Commands go as `length:[0, number, name, parameters]`, answers come as `length:[1, number, error, value]`."""

    def __init__(self, port: int) -> None:
        self.numbers = itertools.count(1)
        self.socket = _until(lambda: socket.create_connection(("127.0.0.1", port), PATIENCE))
        self.stream = self.socket.makefile("rwb")
        self._read()
        self.command("NewSession")
        self.command("Marionette:SetContext", value="chrome")
        self.run(NARROW, WIDTH, HEIGHT)
        self.command("Marionette:SetContext", value="content")

    def command(self, name: str, **parameters: Any) -> Any:
        """The value that the browser answers."""
        full = name if ":" in name else f"WebDriver:{name}"
        words = json.dumps([0, next(self.numbers), full, parameters]).encode()
        self.stream.write(b"%d:%s" % (len(words), words))
        self.stream.flush()
        _kind, _number, error, value = self._read()
        if error:
            raise WebDriverError(f"{full}: {error['message']}")
        return value.get("value") if isinstance(value, dict) else value

    def close(self) -> None:
        """Let go of the browser, which ends with its process."""
        self.stream.close()
        self.socket.close()

    def _read(self) -> Any:
        length = b"".join(iter(lambda: self.stream.read(1), b":"))
        return json.loads(self.stream.read(int(length)))

    def go(self, url: str) -> None:
        self.command("Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.command("ExecuteScript", script=script, args=list(arguments))

    def find(self, selector: str) -> str:
        return str(self.command("FindElement", using="css selector", value=selector)[ELEMENT])

    def click(self, element: str) -> None:
        self.command("ElementClick", id=element)


class WebKit(Driver):
    """WebKitGTK's own small browser, by its own driver."""

    def __init__(self, port: int, browser: Path) -> None:
        self.port, self.session = port, ""
        _until(lambda: self.command("GET", "/status"))
        options = {"binary": str(browser), "args": ["--automation", "--full-screen"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = f"/session/{self.command('POST', '/session', wanted)['sessionId']}"
        self.command("POST", "/window/rect", {"width": WIDTH, "height": HEIGHT})

    def command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The value that the browser answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, self.session + path, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        value = json.loads(answer.read())["value"]
        connection.close()
        if answer.status != 200:
            raise WebDriverError(f"{path}: {value['message']}")
        return value

    def go(self, url: str) -> None:
        self.command("POST", "/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        return self.command("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector: str) -> str:
        return str(self.command("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT])

    def click(self, element: str) -> None:
        self.command("POST", f"/element/{element}/click", {})


@contextmanager
def firefox() -> Iterator[Driver]:
    """A Firefox with a new profile. Raises AssertionError in words if there is none."""
    program = _program("firefox-esr", "firefox")
    with ExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        port = _free_port()
        wanted = {**QUIET, "marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wanted.items()]
        Path(profile, "user.js").write_text("\n".join(lines))
        words = [program, "--headless", "--marionette", "--remote-allow-system-access", "--no-remote"]
        stack.enter_context(_running([*words, "--profile", profile]))
        yield stack.enter_context(closing(Firefox(port)))


@contextmanager
def webkit() -> Iterator[Driver]:
    """A WebKitGTK on a screen of its own, with nothing kept from before. Raises AssertionError in words if there is none."""
    driver, screen = _program("WebKitWebDriver"), _program("Xvfb")
    browsers = sorted(Path("/usr").glob("lib*/*/webkit2gtk-4.*/MiniBrowser"))
    assert browsers, _missing("MiniBrowser")
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        size = f"{WIDTH}x{HEIGHT}x24"
        xvfb = stack.enter_context(_running([screen, "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]))
        assert xvfb.stdout
        display = f":{xvfb.stdout.readline().decode().strip()}"
        port = _free_port()
        own = {"DISPLAY": display, "GDK_BACKEND": "x11", "HOME": home, "XDG_RUNTIME_DIR": home, "LANGUAGE": "zh_CN"}
        environment = {**os.environ, **own}
        # Its sandbox needs rights that a container does not give.
        environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        stack.enter_context(_running([driver, f"--port={port}"], environment))
        window = WebKit(port, browsers[-1])
        stack.callback(lambda: window.command("DELETE", ""))
        yield window


# WebKitGTK is to be had on Linux alone; what is in this list and missing on the machine is a failure, never a skip.
ENGINES: dict[str, Callable[[], Any]] = {"firefox": firefox, **({"webkit": webkit} if sys.platform == "linux" else {})}


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, _missing(names[0])
    return str(found)


def _missing(name: str) -> str:
    return (
        f"This machine has no {name}, so the booth was not tried in that engine. On Debian or Ubuntu, as root: "
        "apt-get install firefox-esr webkit2gtk-driver xvfb"
    )


@contextmanager
def _running(words: list[str], environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until(deed: Callable[[], Any]) -> Any:
    """The deed, as soon as the other side listens."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return deed()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
