"""What a browser need not be sent: the body of an answer to HEAD, and a page that it has already.

Only a page that everybody gets alike has a mark of its content: no session, no cookie set, nothing said against keeping it.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, set_response_etag


class HeadMiddleware:
    """HEAD is answered everywhere as GET is, with the same headers and no body. The pages see a GET and need not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        whole: Any = self.get_response(request)
        request.method = "HEAD"
        bare: Any = HttpResponse(status=whole.status_code, headers=dict(whole.headers.items()))
        bare.cookies = whole.cookies
        if not whole.streaming:
            bare.headers["Content-Length"] = str(len(getattr(whole, "content", b"")))
        # What the whole answer holds open is let go with the bare one; to close it here would end the request twice.
        bare._resource_closers.extend(whole._resource_closers)
        return cast("HttpResponse", bare)


class FreshMiddleware(ConditionalGetMiddleware):
    """A page for everybody goes out with the mark of its content, and is not sent again to whoever has that mark (304)."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not _is_without_session(
            request
        ):  # a page with somebody's name on it; a photo or a file that may be theirs alone
            response.headers.setdefault("Cache-Control", "private, no-cache" if is_page else "no-store")
        if not _is_for_everybody(request, response):
            return response
        response.headers.setdefault("Cache-Control", "no-cache")  # kept, and asked for again each time
        set_response_etag(response)  # an answer without content gets none
        return get_conditional_response(request, etag=response.get("ETag"), response=response)


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A whole page that was asked for without a session, sets no cookie, and has not said itself how it may be kept."""
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and _is_without_session(request)
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Cache-Control" not in response.headers
    )


def _is_without_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME not in request.COOKIES
