"""`version`: which Zhengyou this is, with its commit. `zhengyou --version` says the same, and neither needs a home or a database."""

from typing import Any

from django.core.management.base import BaseCommand

from zhengyou.operating import product


class Command(BaseCommand):
    """Django would say its own version; so `zhengyou.__main__` asks before it."""

    help = "Say which Zhengyou this is, and from which commit it was made."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(product.named())
