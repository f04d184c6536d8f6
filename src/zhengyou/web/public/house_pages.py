"""The house itself: what is open to everybody, where help is to be had, how it stands with accessibility, the sheet of specimens."""

from datetime import timedelta
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from zhengyou.campaigns import queries as campaigns
from zhengyou.cases import rules as case_rules
from zhengyou.notices import queries as notices
from zhengyou.operating import product
from zhengyou.organisations import queries as organisations
from zhengyou.templatetags.icons import DRAWINGS
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.charts import Axis, Whisker, whisker_chart

ROBOTS = (
    "User-agent: *\nDisallow: /desk/\nDisallow: /office/\nDisallow: /sign-in/\nDisallow: /words/\nDisallow: /lists/\n"
)


SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_MAPPED = 10_000
# The lists that everybody reads: the room without which there is none, and the name of the address.
MAPPED = [
    ("", "public-home"),
    ("", "public-find"),
    ("", "public-open"),
    ("", "public-help"),
    ("", "public-accessibility"),
    ("", "public-entries"),
    ("commitments", "public-promises"),
    ("consultation", "public-plans"),
    ("cases", "public-cases"),
    ("windows", "public-windows"),
    ("polls", "public-polls"),
    ("polls", "trust"),
    ("awards", "public-notices"),
    ("awards", "public-honours"),
]
KNOWN_FOR = 180  # days for which whoever read whom to tell may rely on it


@require_safe
def what_is_open(request: HttpRequest) -> HttpResponse:
    """What anybody may read, take away and check, and the program behind it."""
    return render(request, "public/open.html", {"version": product.version()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The usual questions, and whom to ask. The office is known from the notice that it published last."""
    frame = doors.frame_of(request)
    cycle = campaigns.launched_cycle(frame.face.cycle_id) if frame.face and "cases" in frame.rooms_ever else None
    around = case_rules.kind_around(cycle) if cycle else None
    return render(request, "public/help.html", {"contact": notices.last_receiving(), "around": around})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages keep to, what they do not, and where to say that something cannot be used."""
    return render(request, "public/accessibility.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines stay out of desks, and of what people wrote while it waits; where the map is."""
    told = f"{ROBOTS}Sitemap: {request.build_absolute_uri(reverse('sitemap'))}\n"
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Addresses for search engines: the lists, and a page for each unit, at most `MOST_MAPPED`. No address of a person."""
    names = [name for room, name in MAPPED if not room or room in doors.frame_of(request).rooms_ever]
    units = organisations.living_organisations().order_by("path").values_list("code", flat=True)[:MOST_MAPPED]
    paths = [*map(reverse, names), *(reverse("public-organisation", args=[code]) for code in units)]
    lines = "".join(f"<url><loc>{escape(request.build_absolute_uri(path))}</loc></url>\n" for path in paths)
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}">\n{lines}</urlset>\n',
        content_type="application/xml; charset=utf-8",
    )


@require_safe
def security_contact(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116): the office that received objections last, else the page of help says whom to ask."""
    page, mail = request.build_absolute_uri(reverse("public-help")), notices.last_receiving().get("mail", "")
    contact = f"mailto:{quote(mail, safe='@')}" if mail else page
    until = clock.today() + timedelta(days=KNOWN_FOR)
    lines = [
        f"Contact: {contact}",
        f"Expires: {until:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri()}",
        f"Policy: {page}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def icon(_request: HttpRequest) -> HttpResponse:
    """Where browsers ask for it by habit."""
    return HttpResponsePermanentRedirect(static("touch.png"))


@require_safe
def styles(request: HttpRequest) -> HttpResponse:
    """Every part of the look on one page; in debug only."""
    rows = [
        Whisker("红石大湾村", 9.4, 8.9, 9.8, "chosen"),
        Whisker("青山下坪村", 8.1, 7.2, 8.8),
        Whisker("北一村", reason="too few"),
    ]
    chart = whisker_chart(rows, Axis("Mean points", "Points 分", 6, 10, [6, 7, 8, 9, 10]), summary="a specimen")
    return render(request, "public/styles.html", {"icons": sorted(DRAWINGS), "chart": chart})
