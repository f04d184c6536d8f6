"""Fetching one small file from the other side of a poll: https (or this machine), no redirects, a limit in size and time."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused

PATIENCE = 15.0
LARGEST = 8 * 1024 * 1024


class NotFetched(Refused):
    """Nothing usable came back; the sentence says what to do instead."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(address: str, *, accept_language: str = "") -> bytes:
    """The bytes at an address. Raises NotFetched with the other side's own sentence, if it gave one."""
    if not _is_private(address):
        raise NotFetched(_("The address must begin with https://."), reason="fetch.not-https")
    try:
        with build_opener(_NoRedirect).open(
            Request(address, headers={"Accept-Language": accept_language or "zh-hans"}), timeout=PATIENCE
        ) as answer:
            data: bytes = answer.read(LARGEST + 1)
    except HTTPError as error:
        with error:
            raise NotFetched(_said(error), reason="fetch.refused") from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise NotFetched(
            _("No answer came from %(address)s. Try again later, or have the file sent to you and upload it here.")
            % {"address": address},
            reason="fetch.no-answer",
        ) from error
    if len(data) > LARGEST:
        raise NotFetched(_("What came back is too large to be the file."), reason="fetch.too-large")
    return data


def _is_private(address: str) -> bool:
    """Https, or plain http to this very machine; a name that only begins like it is another machine."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1"))
    except ValueError:
        return False


def _said(error: HTTPError) -> Any:
    """The sentence of a refusal in JSON, or one of our own."""
    try:
        return str(json.loads(error.read(10_000))["error"])[:500]
    except (ValueError, TypeError, KeyError, OSError):
        return _("The other side answered with error %(code)d. Check the address.") % {"code": error.code}
