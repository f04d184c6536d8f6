"""From where somebody tries to sign in: a device that signed in as this login before, which keeps a mark of that, or an address.

The mark lies in a cookie that only the sign-in page gets to see; the house keeps no list of devices, and of an address only a
keyed digest, for a quarter of an hour, and only after a wrong password.
"""

import ipaddress
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhengyou.base import codes
from zhengyou.identity.rules import Place

COOKIE = "zhengyou-device"
KEPT_FOR = 365 * 24 * 60 * 60
MOST = 8  # people who share one computer
# The first sign that fits names it: most browsers also name those which they resemble.
BROWSERS = (
    ("MicroMessenger", "微信"), ("HuaweiBrowser", "华为浏览器"), ("MiuiBrowser", "小米浏览器"), ("QQBrowser", "QQ浏览器"),
    ("UCBrowser", "UC浏览器"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
SAME_NETWORK = 64  # bits of an IPv6 address that one customer holds


def place_of(request: HttpRequest, login: str) -> Place:
    """Whence this request would sign in as this login."""
    if mark := _marks(request).get(_named(login)):
        return Place(codes.digest("device", mark), is_known=True)
    return Place(codes.digest("address", _address(request)), is_known=False)


def place_of_session(request: HttpRequest) -> Place:
    """The place of somebody who is signed in already and gives a password once more, their own or another's: the person.

    Neither do others keep them from it, nor do they get more tries by signing in anew.
    """
    return Place(codes.digest("signed-in", str(request.user.pk)), is_known=True)


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Leave a mark on the device that this login came in by it. It says nothing to whoever reads it."""
    marks = _marks(request)
    if _named(login) in marks:
        return
    newest = {_named(login): secrets.token_hex(16), **marks}
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(list(newest.items())[:MOST]), salt=COOKIE),
        max_age=KEPT_FOR,
        path=reverse("sign-in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def named(request: HttpRequest) -> str:
    """The browser and the system by which somebody signs in, in two words as they name themselves; nothing for unknown ones."""
    told = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in BROWSERS if sign in told), "")
    system = next((name for sign, name in SYSTEMS if sign in told), "")
    return " · ".join(part for part in (browser, system) if part)


def _marks(request: HttpRequest) -> dict[str, str]:
    """The marks of the device, by login; none if they are not ours."""
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEPT_FOR))
    except signing.BadSignature:
        return {}


def _named(login: str) -> str:
    return codes.digest("device-login", login.encode().hex())[:16]


def _address(request: HttpRequest) -> str:
    """The sender's address, of IPv6 the network only. Behind a proxy of ours it is the last that the proxy names."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        given = request.headers.get("X-Forwarded-For", given).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(given)
    except ValueError:
        return given
    if address.version == 4:
        return given
    return str(ipaddress.ip_network((int(address), SAME_NETWORK), strict=False))
