"""Which database a model lives in: models marked `in_box` live in the box's own cluster, everything else in the house's."""

from typing import Any

from django.db.models import Model


class BoxRouter:
    """Keeps ballots out of the house's database, and everything else out of the box."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return "box" if getattr(model, "in_box", False) else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return getattr(one, "in_box", False) == getattr(other, "in_box", False)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        in_box = bool(model_name) and str(model_name).lower().startswith("box")
        return in_box == (db == "box")
