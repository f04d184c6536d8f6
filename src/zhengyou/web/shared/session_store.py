"""Where sessions lie: our own table, which knows by which account a session is, asked for names only that one of ours can have. And by whom
an account is found again: every page behind a door asks for it, by a statement built once.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db

from zhengyou.identity import queries
from zhengyou.identity.models import Account, AccountSession
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


class KnownAccounts(ModelBackend):
    """Who is signed in, by the number that the session keeps."""

    def get_user(self, user_id: int) -> Account | None:
        """The account with its person; None for one that is gone or was switched off."""
        row = queries.account_with_id(user_id)
        return row if row and self.user_can_authenticate(row) else None
