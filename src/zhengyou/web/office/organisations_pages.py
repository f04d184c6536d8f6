"""The office's first page and the tree of organisations."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations import queries as organisations
from zhengyou.web.shared import clock, doors


@doors.office
def home(request: doors.PersonRequest) -> HttpResponse:
    """Where the campaign stands and what the office can do next."""
    return render(
        request,
        "office/home.html",
        {
            "campaigns": campaigns.campaigns_with_cycles(),
            "organisations": organisations.living_organisations().count(),
            "missing": organisations.count_without_responsible_person(clock.today()),
        },
    )


@doors.office
def tree(request: doors.PersonRequest) -> HttpResponse:
    """The whole tree with its sizes, or what a search finds in it."""
    words = request.GET.get("q", "")[:100].strip()
    return render(
        request,
        "office/tree.html",
        {
            "words": words,
            "rows": organisations.tree_with_sizes(words),
            "kinds": organisations.term_names("organisation_kind"),
            "sectors": organisations.term_names("sector"),
        },
    )
