"""`migrate`: Django's own, with the tables of a new house made from what they are at the end of the first migration.

Django works out all models anew after each of its 170 steps; that took longer than everything else a first start does. What comes
out is the same to the last index (`tests/operating/test_first_migration.py`).
"""

from typing import Any

from django.core.management.commands import migrate as of_django
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState


class StraightToTheEnd(MigrationExecutor):
    """Applies a first migration that only makes tables, and adds to them, in one step."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if not fake and not fake_initial and only_makes_tables(migration):
            migration.apply = lambda project_state, schema_editor, collect_sql=False: make_tables(  # type: ignore[method-assign]
                migration, project_state, schema_editor
            )
        return super().apply_migration(state, migration, fake, fake_initial)


def only_makes_tables(migration: Migration) -> bool:
    """Whether all its steps make a table or add to one that it made itself."""
    made = {step.name_lower for step in migration.operations if isinstance(step, CreateModel)}
    added = [step for step in migration.operations if not isinstance(step, CreateModel)]
    return bool(made) and all(
        isinstance(step, AddField | AddConstraint | AddIndex) and step.model_name_lower in made for step in added
    )


def make_tables(migration: Migration, state: ProjectState, editor: BaseDatabaseSchemaEditor) -> ProjectState:
    """Make each table as it is when all steps are done; keys from one to another are set when all are there."""
    state.__dict__.pop("apps", None)  # while there are none, no step works them out anew
    migration.mutate_state(state, preserve=False)
    for step in migration.operations:
        if isinstance(step, CreateModel):
            step.database_forwards(migration.app_label, editor, state, state)
    return state


class Command(of_django.Command):
    """Known to Django by its place: `call_command("migrate")` is this one."""

    def handle(self, *args: Any, **options: Any) -> None:
        of_django.MigrationExecutor = StraightToTheEnd  # type: ignore[attr-defined]
        super().handle(*args, **options)
