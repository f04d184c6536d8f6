"""`python -m zhengyou COMMAND`: starts the embedded database if it is used, then runs the command.

`issuer` is another house: a home of its own, no ballot boxes, and only a second issuer's pages.
"""

import gc
import os
import re
import secrets
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from ownpostgres.account import EmbeddedDatabaseError
from zhengyou.base.home import PRACTICE, PRACTICE_MARK, data_home, demo_home

WITHOUT_DATABASE = {"help", "version", "translate", "makemigrations", "--help", "restore", "doctor"}
# It uses the database of the server that started it, and must never become their owner.
WORKER_BESIDE = {"work", "--beside"}
SECRETS = ("SECRET_KEY", "CODE_KEY", "KEY_PASSWORD")
# How the real site is kept and reached: a practice house has its own, or letters made there would lead to the real one.
OF_THE_REAL_SITE = {
    "DATABASE_URL", *SECRETS, "ZHENGYOU_ADDRESS", "ZHENGYOU_HOSTS", "ZHENGYOU_ORIGINS", "ZHENGYOU_HTTPS", "ZHENGYOU_BEHIND_PROXY",
}  # fmt: skip
# Of what the frameworks bring. The others empty, serve or enter the house past its own rules.
KEPT_COMMANDS = {"check", "dbshell", "makemigrations", "migrate", "shell", "showmigrations", "sqlmigrate"}
USUAL_DEMO = "excellence-2010"
ADVICE = "ZHENGYOU_HOME names another folder, DATABASE_URL a server of your own: docs/running.md."


def demo_pack(arguments: list[str]) -> str:
    """Whose demo is asked for (`--pack hospital` or `--pack=hospital-appraisal`), in full; nothing for the usual one."""
    asked = re.search(r"(?:^|\n)--pack[=\n]([a-z0-9-]+)", "\n".join(arguments))
    ids = [path.stem for path in (Path(__file__).parent / "packs").glob("*.toml")]
    meant = [pack for pack in ids if asked and pack.startswith(asked[1])]
    return meant[0] if len(meant) == 1 and meant[0] != USUAL_DEMO else ""


def _needs_database(arguments: list[str]) -> bool:
    """Whether the command looks into the database, and may start the embedded one to do so."""
    command, is_beside = arguments[1:2], set(arguments) >= WORKER_BESIDE
    checks_files = (
        arguments[1:3] == ["pack", "check"] or (arguments[1:2] == ["backup"] and "--check" in arguments)
    ) or (arguments[1:3] == ["entries", "check"] and any(not one.startswith("-") for one in arguments[3:4]))
    return bool(command) and command[0] not in WITHOUT_DATABASE and not checks_files and not is_beside


def main(argv: list[str] | None = None) -> None:
    """Run one command. The embedded database lives as long as the process that started them."""
    arguments = list(sys.argv if argv is None else argv)
    if arguments[1:2] in (["version"], ["--version"]):
        from zhengyou.operating.product import named

        print(named())
        return
    _choose_home(arguments[1:2], arguments)
    if arguments[1:2] == ["practice"] and not (data_home(os.environ) / PRACTICE_MARK).exists():
        _practice_address(arguments)  # refused before anything is made
    with ExitStack() as stack:
        if _needs_database(arguments):
            from django.conf import settings

            try:
                for cluster in settings.EMBEDDED_CLUSTERS.values():
                    stack.enter_context(cluster)
            except (EmbeddedDatabaseError, OSError) as error:
                sys.exit(f"{error}\n{ADVICE}")
        _run(arguments)
    if arguments[1:2] == ["practice"] and "--wipe" not in arguments:
        _go_on_in_practice(arguments)


def _choose_home(command: list[str], arguments: list[str]) -> None:
    """The demo and a second issuer have homes of their own, so that they never meet a real campaign's data."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengyou.settings")
    if command == ["demo"]:
        os.environ["ZHENGYOU_HOME"] = str(demo_home(os.environ, Path(__file__).resolve(), demo_pack(arguments)))
    if command == ["issuer"]:
        os.environ.setdefault("ZHENGYOU_HOME", str(data_home(os.environ) / "issuer"))
        os.environ["ZHENGYOU_SECOND_ISSUER"] = "1"
    if command == ["doctor"] and not data_home(os.environ).is_dir():
        sys.exit(
            f"There is no house in {data_home(os.environ)}. ZHENGYOU_HOME names the folder of the house that is meant."
        )
    if command == ["restore"]:  # the home gets the backup's secrets: none are made there meanwhile
        for name in SECRETS:
            os.environ.setdefault(name, secrets.token_urlsafe(48))


def _go_on_in_practice(arguments: list[str]) -> None:
    """The roster was copied: the practice house begins, with a home, a database and secrets of its own."""
    home = data_home(os.environ)
    if (home / PRACTICE_MARK).exists():
        return
    own = {name: value for name, value in os.environ.items() if name not in OF_THE_REAL_SITE}
    own |= {"ZHENGYOU_HOME": str(home / PRACTICE), **_reached_at(_practice_address(arguments))}
    os.execve(sys.executable, [sys.executable, "-m", "zhengyou", *arguments[1:]], own)


def _practice_address(arguments: list[str]) -> str:
    """Where others reach the practice house (`--address https://…`); nothing if only this machine does. Exits if it is the real site's."""
    asked = re.search(r"(?:^|\n)--address[=\n](\S*)", "\n".join(arguments))
    address = asked[1] if asked else ""
    name, real = (urlsplit(one).hostname for one in (address, os.environ.get("ZHENGYOU_ADDRESS", "")))
    if name and name in {real, *os.environ.get("ZHENGYOU_HOSTS", "").split(",")}:
        sys.exit(f"{name} is the real site. The practice house needs a name of its own: letters and cookies go by it.")
    return address


def _reached_at(address: str) -> dict[str, str]:
    """The environment of a house behind a proxy at this address; nothing for none, and then it answers on this machine."""
    if not address:
        return {}
    hosts = f"{urlsplit(address).hostname},localhost,127.0.0.1,[::1]"
    return {
        "ZHENGYOU_ADDRESS": address, "ZHENGYOU_HOSTS": hosts, "ZHENGYOU_HTTPS": "1", "ZHENGYOU_BEHIND_PROXY": "1",
    }  # fmt: skip


def _run(arguments: list[str]) -> None:
    gc.disable()  # while 1,700 modules are loaded there is no rubbish: looking for it would take a sixth of the start
    import django
    from django.core.management import execute_from_command_line, get_commands
    from django.db import OperationalError

    from zhengyou.base.stack import with_room

    django.setup()
    gc.freeze()
    gc.enable()
    offered = get_commands()  # the one that Django itself looks into
    for name, app in list(offered.items()):
        if app != "zhengyou" and name not in KEPT_COMMANDS:
            del offered[name]
    try:
        with_room(execute_from_command_line, arguments)
    except OperationalError as error:
        if "DATABASE_URL" not in os.environ:
            _raise_or_say_that_it_stopped(error)
        sys.exit(f"The database that DATABASE_URL names does not answer: {str(error).strip()}")


def _raise_or_say_that_it_stopped(error: Exception) -> None:
    """Raises the error if it is about something else; exits in words if an earlier process stopped the database meanwhile."""
    from django.conf import settings

    if all(cluster.running() for cluster in settings.EMBEDDED_CLUSTERS.values()):
        raise error
    sys.exit("The database of this house was stopped by the process that ran before. Start the command again.")


if __name__ == "__main__":
    main()
