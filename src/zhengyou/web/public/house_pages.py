"""The house itself: what is open to everybody, where help is to be had, how it stands with accessibility, the sheet of specimens."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from zhengyou.notices import queries as notices
from zhengyou.operating import product
from zhengyou.templatetags.icons import DRAWINGS
from zhengyou.web.shared.charts import Axis, Whisker, whisker_chart

ROBOTS = (
    "User-agent: *\nDisallow: /desk/\nDisallow: /office/\nDisallow: /sign-in/\nDisallow: /words/\nDisallow: /lists/\n"
)


@require_safe
def what_is_open(request: HttpRequest) -> HttpResponse:
    """What anybody may read, take away and check, and the program behind it."""
    return render(request, "public/open.html", {"version": product.version()})


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The usual questions, and whom to ask. The office is known from the notice that it published last."""
    return render(request, "public/help.html", {"contact": notices.last_receiving()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages keep to, what they do not, and where to say that something cannot be used."""
    return render(request, "public/accessibility.html")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Search engines stay out of desks, and of what people wrote while it waits."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


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
