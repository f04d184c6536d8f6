"""`serve`: migrate, then serve until stopped, with a worker beside. Keeps the servers of open polls, and ends those of closed ones."""

import os
import threading
import webbrowser
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhengyou.management.serving.keepers import (
    Keepers,
    keep_boxes,
    keep_database,
    keep_worker,
    look_after_boxes,
    watch_machine,
)
from zhengyou.management.serving.starting import held_home, held_port, migrate
from zhengyou.management.serving.web_workers import Certificate, serve

PORT = 8000
KEPT = "ZHENGYOU_KEPT"  # tells the processes that we start that we keep the servers of polls


class Command(BaseCommand):
    """Serve the site on this machine."""

    help = "Serve the site: at the port that is named, or at 8000 or the next free one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, help="this port and no other (without it 8000 or the next free one)")
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--exact-port", action="store_true", help="fail instead of taking another port")
        parser.add_argument("--browser", action="store_true", help="open the site in a browser")

    def handle(self, *args: Any, **options: Any) -> None:
        exact = options["exact_port"]
        with (
            held_home(settings.HOME),
            held_port(options["host"], options["port"], PORT, self.stdout.write, is_exact=exact) as port,
        ):
            migrate()
            address = f"http://{'localhost' if options['host'] == '127.0.0.1' else options['host']}:{port}/"
            self.stdout.write(f"Zhengyou: {address}  (stop with Ctrl+C)")
            self.stdout.flush()
            serve_house(options["host"], port, options["workers"], browser=address if options["browser"] else "")


def serve_house(
    host: str, port: int, workers: int, *, browser: str = "", certificate: Certificate | None = None
) -> None:
    """Serve on a port that is held, with all keepers, and open `browser`, if it is an address. By https if there is a certificate.

    Raises CommandError, and so ends with a status, if a keeper had to give up.
    """
    if browser:
        threading.Timer(1.5, webbrowser.open, [browser]).start()
    os.environ[KEPT] = str(os.getpid())
    look_after_boxes(sweeps=True, watches=True)  # before anybody votes: is the house the one that the boxes knew?
    keepers = Keepers()
    try:
        with keepers.at_work(keep_database, keep_boxes, keep_worker, watch_machine):
            serve(host, port, workers, certificate)
    finally:
        os.environ.pop(KEPT)
    if keepers.failure:
        raise CommandError(keepers.failure)
