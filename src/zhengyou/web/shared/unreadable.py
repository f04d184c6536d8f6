"""Signs that no text of the house can hold. Whatever an address or a form brings of them ends here, before any page asks the
database, which would refuse them with an error. Forms for anybody look after their own fields, `session_store` after sessions.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from zhengyou.web.shared.refusing import refused_page

NUL = "\0"  # PostgreSQL keeps every other sign
NO_SIGN = _(
    "This address contains a character that is not allowed, and nothing was done. Type the word again, or go on from another page."
)
NO_SIGN_SENT = _(
    "What you sent contains an invisible character that is not allowed, and nothing was saved. Go back and type the field again; a text "
    "that was copied from elsewhere may have brought it along."
)


class UnreadableMiddleware:
    """An address or a form with such a sign gets a page that says so (400)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Here, as the language of the reader is known only now."""
        if NUL in request.path_info or _holds_it(request.GET):
            return refused_page(request, str(NO_SIGN), 400, "address.unreadable")
        if not getattr(view, "csrf_exempt", False) and _holds_it(request.POST):
            return refused_page(request, str(NO_SIGN_SENT), 400, "form.unreadable")
        return None


def _holds_it(given: QueryDict) -> bool:
    return any(NUL in part for name, values in given.lists() for part in (name, *values))
