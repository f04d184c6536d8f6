"""Whether the database's tables are those that the programs read and write. What migrations say of themselves is not asked."""

from django.apps import apps
from django.db import connection


def lacking() -> list[str]:
    """Tables, and columns as `table.column`, that our models have and the database has not. A view of ours has no columns to lack."""
    there: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        )
        for table, column in cursor.fetchall():
            there.setdefault(table, set()).add(column)
    found: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if not options.managed or options.proxy:
            continue
        if options.db_table not in there:
            found.append(options.db_table)
            continue
        columns = (field.column for field in options.local_concrete_fields)
        found += [f"{options.db_table}.{column}" for column in columns if column not in there[options.db_table]]
    return sorted(found)
