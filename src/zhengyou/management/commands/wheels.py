"""`wheels FOLDER`: writes the verifier as a wheel, the same file that the pages of a record offer, and says its SHA-256."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from zhengyou.operating import wheels


class Command(BaseCommand):
    """Writes the wheel."""

    help = "Write the verifier as a wheel that anybody can install, and say its SHA-256."
    requires_system_checks: list[str] = []  # neither database nor settings matter to it

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        wheel = wheels.verifier()
        options["folder"].mkdir(parents=True, exist_ok=True)
        (options["folder"] / wheel.name).write_bytes(wheel.data)
        self.stdout.write(f"{wheel.sha256}  {wheel.name}")
