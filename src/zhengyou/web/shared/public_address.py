"""The address that goes onto paper: the house's public one, or, where none is set, the one at which the page was opened.

What is printed cannot be called back, so `doubts` says beforehand what speaks against the address.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def printed_address(request: HttpRequest, path: str) -> str:
    """The whole address of a path of this site, as it is printed."""
    return _origin(request) + path


def doubts(request: HttpRequest) -> list[str]:
    """Sentences on what speaks against the address that would be printed; none where everybody can reach it."""
    origin, here = _origin(request), request.build_absolute_uri("/").rstrip("/")
    said, named = [], {"address": origin, "here": here}
    if (urlsplit(origin).hostname or "") in settings.LOCAL_HOSTS or origin.startswith("http://[::1]"):
        said.append(
            _(
                "%(address)s leads only to this machine: nobody else’s phone can reach it. Do not hand out what "
                "is printed."
            )
        )
    elif origin.startswith("http://"):
        said.append(_("%(address)s is not safe (https): phones refuse to open the booth there."))
    if settings.PUBLIC_ADDRESS and origin != here:
        said.append(
            _(
                "The printed address is %(address)s, and you are working at %(here)s. Open the printed one on a "
                "phone first: it must lead here."
            )
        )
    if said and not settings.PUBLIC_ADDRESS:
        said.append(_("Whoever runs the site sets the public address once: ZHENGYOU_ADDRESS, see docs/running.md."))
    return [sentence % named for sentence in said]


def _origin(request: HttpRequest) -> str:
    return settings.PUBLIC_ADDRESS or request.build_absolute_uri("/").rstrip("/")
