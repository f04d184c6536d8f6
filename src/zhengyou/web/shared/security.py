"""Headers for every page: nothing is loaded from elsewhere, nothing is told to elsewhere. And whether a request came in private."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
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


def is_private(request: HttpRequest) -> bool:
    """Whether nobody could read it on its way: it came by https, or from this very machine and through no proxy.

    Behind a proxy that ends https, ZHENGYOU_BEHIND_PROXY makes the proxy's word count.
    """
    if request.is_secure():
        return True
    is_local = split_domain_port(request.get_host())[0] in settings.LOCAL_HOSTS
    return is_local and not {"X-Forwarded-For", "X-Forwarded-Host", "Forwarded"} & set(request.headers)


class WayRefused(Refused):
    """A code or a ballot came by a way that is not safe for it; `reason` tells the browser which."""


def insecure_address() -> WayRefused:
    """The refusal of a code or a ballot that would travel in the open."""
    return WayRefused(
        _(
            "Voting needs a secure address that begins with https. Ask the office for the right link. (For the office: "
            "docs/running.md says how to serve by https, also behind a proxy.)"
        ),
        reason="insecure",
    )


def carries_identity() -> WayRefused:
    """The refusal of a ballot that comes with something that could name its voter."""
    return WayRefused(
        _("This ballot came with a cookie, so it was not taken. Use the booth’s own page, which sends none."),
        reason="carries-identity",
    )
