"""Where sessions lie: our own table, which knows by which account a session is, asked for names only that one of ours can have."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from zhengyou.identity.models import AccountSession
from zhengyou.identity.queries import DEVICE


class SessionStore(db.SessionStore):
    """A session whose name has other signs than letters and digits is none, as the database could not even be asked for it."""

    @classmethod
    def get_model_class(cls) -> Any:
        """Our table."""
        return AccountSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session, with its account where somebody is signed in."""
        row: Any = super().create_model_instance(data)
        row.account_id, row.device = data.get(SESSION_KEY), data.get(DEVICE, "")
        return row

    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]
