"""A new house has its tables in one step: they are what the models say, and what the steps of the migration say one by one."""

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands
from django.core.management.commands import migrate as of_django
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from zhengyou.management.commands.migrate import StraightToTheEnd, make_tables, only_makes_tables

ASKED = (
    "SELECT table_name, column_name, ordinal_position, udt_name, is_nullable, column_default, character_maximum_length, is_identity"
    " FROM information_schema.columns WHERE table_schema = current_schema()",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred, convalidated"
    " FROM pg_constraint WHERE connamespace = current_schema()::regnamespace",
    "SELECT tablename, indexname, replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()",
)


def tables_of_schema(schema: str, ours: set[str]) -> set[tuple[object, ...]]:
    """Columns, constraints and indexes of these tables there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {schema}")
        found: set[tuple[object, ...]] = set()
        for question in ASKED:
            cursor.execute(question)
            found |= {(question[:20], *row) for row in cursor.fetchall() if row[0] in ours}
        return found


@pytest.mark.django_db
def test_the_tables_of_a_new_house_are_those_of_the_models():
    """The tests' own database was made from the models; `make check` says that the steps of the migration lead there."""
    ours = {model._meta.db_table for model in apps.get_app_config("zhengyou").get_models()}
    from_models = without_order(tables_of_schema("public", ours))
    begin_schema("at_once")
    executor = StraightToTheEnd(connection)
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == "zhengyou"])
    assert len(from_models) > 2000
    assert without_order(tables_of_schema("at_once", ours)) ^ from_models == set()


def begin_schema(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {name}")
        cursor.execute(f"SET LOCAL search_path = {name}")


def without_order(found: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
    """The models name their columns in another order than the migration, which begins with what refers to nothing."""
    return {row[:3] + row[4:] if row[0] == ASKED[0][:20] else row for row in found}


def every_kind_of_step() -> list[Operation]:
    """Two tables that refer to each other, a table between them, and what is added to one of them afterwards."""
    key = ("id", models.BigAutoField(primary_key=True))
    return [
        migrations.CreateModel("Unit", [key, ("name", models.CharField(max_length=9, unique=True))]),
        migrations.CreateModel(
            "Head",
            [
                key,
                ("unit", models.ForeignKey("tried.unit", models.PROTECT)),
                ("of", models.ManyToManyField("tried.unit", related_name="+")),
            ],
            {"constraints": [models.CheckConstraint(condition=models.Q(id__gt=0), name="head_counts")]},
        ),
        migrations.AddField("unit", "head", models.ForeignKey("tried.head", models.CASCADE, null=True)),
        migrations.AddField("unit", "others", models.ManyToManyField("tried.head", related_name="+")),
        migrations.AddConstraint(
            "unit", models.UniqueConstraint(fields=["head"], condition=models.Q(name="a"), name="unit_once_a_head")
        ),
        migrations.AddConstraint("head", models.CheckConstraint(condition=models.Q(id__lt=9), name="head_ends")),
        migrations.AddIndex("unit", models.Index(fields=["-name", "head"], name="unit_by_name")),
    ]


@pytest.mark.django_db
def test_tables_made_at_once_are_those_of_the_steps_one_by_one():
    ours = {"tried_unit", "tried_head", "tried_head_of", "tried_unit_others"}
    found = []
    for number, make in enumerate((Migration.apply, make_tables)):
        begin_schema(f"way_{number}")
        migration = Migration("0001_initial", "tried")
        migration.operations = every_kind_of_step()
        assert only_makes_tables(migration)
        with connection.schema_editor() as editor:
            make(migration, ProjectState(), editor)
        found.append(tables_of_schema(f"way_{number}", ours))
    assert {table for _kind, table, *_row in found[0]} == ours
    assert found[0] ^ found[1] == set()


def initial():
    return MigrationLoader(None).disk_migrations["zhengyou", "0001_initial"]


@pytest.mark.parametrize(
    "step",
    [
        migrations.RunSQL("SELECT 1"),
        migrations.RemoveField("campaign", "name"),
        migrations.AddField("elsewhere", "name", models.TextField(default="")),
    ],
    ids=["a statement of its own", "something taken away", "a table of another migration"],
)
def test_any_other_step_leaves_the_migration_to_django(step: Operation):
    first = initial()
    assert only_makes_tables(first)
    first.operations = [*first.operations, step]
    assert not only_makes_tables(first)


@pytest.mark.django_db
def test_the_command_of_that_name_is_ours_and_takes_the_short_way():
    assert get_commands()["migrate"] == "zhengyou"
    call_command("migrate", plan=True, verbosity=0)
    assert of_django.MigrationExecutor is StraightToTheEnd
