"""Where sessions lie: Django's table, asked for names only that one of ours can have."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A session whose name has other signs than letters and digits is none, as the database could not even be asked for it."""

    def _validate_session_key(self, key: Any) -> bool:
        return bool(super()._validate_session_key(key)) and key.isascii() and key.isalnum()  # type: ignore[misc]
