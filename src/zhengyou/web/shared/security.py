"""Headers for every page: nothing is loaded from elsewhere, nothing is told to elsewhere."""

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def policy_with_connections(origins: Iterable[str]) -> str:
    """The content policy of a page that may also ask these origins; the plain policy for none."""
    others = " ".join(dict.fromkeys(origins))
    return f"{POLICY}; connect-src 'self' {others}" if others else POLICY


class PolicyMiddleware:
    """Sets the content policy and keeps addresses with anything private in them out of referrers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
