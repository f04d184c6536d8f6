"""`python -m zhengyou COMMAND`: starts the embedded databases if they are used, then runs the command."""

import os
import sys
from contextlib import ExitStack

from zhengyou.base.embedded import EmbeddedDatabaseError, data_home

WITHOUT_DATABASE = {"help", "version", "translate", "collectstatic", "makemigrations", "--help", "--version"}


def main(argv: list[str] | None = None) -> None:
    """Run one command. The embedded databases live as long as the process that started them."""
    arguments = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengyou.settings")
    if arguments[1:2] == ["demo"] and "ZHENGYOU_HOME" not in os.environ:
        # The demo has a home of its own, so that it never meets a real campaign's data.
        os.environ["ZHENGYOU_HOME"] = str(data_home(os.environ) / "demo")
    from django.core.management import execute_from_command_line

    with ExitStack() as stack:
        if len(arguments) > 1 and arguments[1] not in WITHOUT_DATABASE:
            from django.conf import settings

            try:
                for cluster in settings.EMBEDDED_CLUSTERS.values():
                    stack.enter_context(cluster)
            except EmbeddedDatabaseError as error:
                sys.exit(str(error))
        execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
