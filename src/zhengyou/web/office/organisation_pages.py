"""The office's first page and the tree of organisations."""

from django.http import HttpResponse
from django.shortcuts import render

from zhengyou.campaigns import queries as campaigns
from zhengyou.organisations import queries as organisations
from zhengyou.web.shared import doors


@doors.office
def home(request: doors.PersonRequest) -> HttpResponse:
    """Where the campaign stands and what the office can do next."""
    return render(request, "office/home.html", {"cycles": campaigns.cycles()})


@doors.office
def tree(request: doors.PersonRequest) -> HttpResponse:
    """The whole tree with its sizes."""
    return render(
        request,
        "office/tree.html",
        {
            "rows": organisations.tree_with_sizes(),
            "kinds": organisations.term_names("organisation_kind"),
            "sectors": organisations.term_names("sector"),
        },
    )
