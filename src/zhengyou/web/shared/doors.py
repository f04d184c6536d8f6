"""Doors: who may enter a page. A door hands the page the acting person as `request.person`, and the organisation it is about.

Where the address names something else, `fetched` stands below the door.
"""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengyou.base.words import language
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.campaigns.queries import Frame
from zhengyou.identity import rules as identity_rules
from zhengyou.identity.models import Account
from zhengyou.organisations import queries as organisations
from zhengyou.organisations import tree, vocabulary
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within_any
from zhengyou.web.shared import clock, kept_words, reach
from zhengyou.web.shared.pages import found
from zhengyou.web.shared.refusing import refused_page


class PersonRequest(HttpRequest):
    """A request behind a door: somebody is signed in."""

    person: Person
    subject_shown: Organisation | Person  # whom the page is about, where no row is fetched for it: its title says so


Page = Callable[..., HttpResponse]
Row = TypeVar("Row")


def signed_in(page: Page) -> Page:
    """Only for people with an account; others are led to the sign-in page and back. What they had written is kept and shown."""

    @wraps(page)
    def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if person_of(request) is None:
            if request.method == "POST" and kept_words.kept_of(request).texts:
                return kept_words.kept_page(request)
            # A form sent after the session ended leads back to the page it stood on, not to an address that only takes forms.
            way_back = (
                request.get_full_path()
                if request.method == "GET"
                else urlsplit(request.headers.get("Referer", "")).path
            )
            return HttpResponseRedirect(f"{reverse('sign-in')}?next={quote(way_back)}")
        if request.user.is_handed_out and request.path != reverse("password"):
            return HttpResponseRedirect(reverse("password"))  # a password that others have seen opens this one page
        request.person = request.user.person
        return page(request, *args, **kwargs)

    return door


def office(page: Page) -> Page:
    """Only for people with a post in the campaign office, and only where what the address names lies within their office's reach."""

    @wraps(page)
    def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        offices = offices_of(request)
        identity_rules.check_has_office(offices)
        request.is_of_the_office, request.offices = True, tuple(offices)
        match = getattr(request, "resolver_match", None)
        request.rows_seen = {}
        identity_rules.check_reaches(
            offices, reach.places_named(match.url_name if match else "", kwargs, request.rows_seen)
        )
        return page(request, *args, **kwargs)

    return signed_in(door)


def topmost_office(page: Page) -> Page:
    """Only for the office of a topmost organisation: for what is about everybody in the house."""

    @wraps(page)
    def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        identity_rules.check_reaches_all(offices_of(request))
        return page(request, *args, **kwargs)

    return office(door)


def offices_of(request: Any) -> list[Organisation]:
    """The organisations in whose campaign office the reader works."""
    return reader_of(request).organisations_as(Post.Role.CAMPAIGN_OFFICE)


def reaches_all(request: Any) -> bool:
    """Whether the reader works in the office of a topmost organisation."""
    return any(one.depth == 0 for one in offices_of(request))


def reach_of(request: Any, field: str = "") -> Q:
    """Rows whose organisation, to which `field` leads, the reader's office looks after; organisations themselves without a field."""
    return tree.within_any(offices_of(request), field)


def paper_handlers(page: Page) -> Page:
    """Only for those who may handle ballots on paper: registered scrutineers, and the campaign office within its reach."""

    @wraps(page)
    def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        identity_rules.check_is_office_or_scrutineer(request.person, clock.today())
        if Post.Role.SCRUTINEER not in {post.role for post in reader_of(request).posts}:
            match = getattr(request, "resolver_match", None)
            identity_rules.check_reaches(
                offices_of(request), reach.places_named(match.url_name if match else "", kwargs, {})
            )
        return page(request, *args, **kwargs)

    return signed_in(door)


def secretary(page: Page) -> Page:
    """Only for the secretary of the organisation whose code is in the address; the page gets the organisation for the code."""
    return _of_organisation(page, identity_rules.check_is_secretary)


def above(page: Page) -> Page:
    """Only for secretaries and leaders above the organisation whose code is in the address; the page gets the organisation."""
    return _of_organisation(page, identity_rules.check_is_above)


def fetched(part: str, fetch: Callable[[Any], object]) -> Callable[[Page], Page]:
    """Below a door: the page gets the row that `fetch` finds for this part of the address; 404 where there is none. What the office's
    door has found in the same way is not asked for again.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        def with_row(request: Any, **kwargs: Any) -> HttpResponse:
            value, seen = kwargs.pop(part), getattr(request, "rows_seen", {})
            request.row_shown = found(seen[fetch, value] if (fetch, value) in seen else fetch(value))
            return page(request, request.row_shown, **kwargs)

        return with_row

    return decorate


def about(request: Any, row: Row) -> Row:
    """The row that a page without a door of its own is about: head and menus are those of its campaign."""
    request.row_shown = row
    return row


def of_campaign(part: str, fetch: Callable[[Any], object]) -> Callable[[Page], Page]:
    """As `fetched`, for a row of a campaign (a cycle, a selection, itself): only its own office, or one above it, comes in."""

    def decorate(page: Page) -> Page:
        @fetched(part, fetch)
        @wraps(page)
        def with_row(request: Any, row: Any, **kwargs: Any) -> HttpResponse:
            campaign = row if isinstance(row, Campaign) else getattr(row, "cycle", row).campaign
            top, own = campaign.organisation, reader_of(request).organisations_as(Post.Role.CAMPAIGN_OFFICE)
            if not is_within_any(top, own):
                identity_rules.check_is_office_of(request.person, top, clock.today())
            return page(request, row, **kwargs)

        return with_row

    return decorate


def room(*names: str) -> Callable[[Page], Page]:
    """Only in a house that has this room, or one of these, or had it: elsewhere the page says that there is no such thing here (404).

    It stands above the other doors, as it is nobody's secret what a campaign has chosen.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        def door(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not frame_of(request).rooms_ever.isdisjoint(names):
                return page(request, *args, **kwargs)
            sentence = _("This campaign does without this part, so there is nothing to see here.")
            return refused_page(request, sentence, 404, "room.not-chosen")

        return door

    return decorate


def frame_of(request: Any) -> Frame:
    """Which rooms the house has, and with them its words. Asked once a request."""
    if not hasattr(request, "house_frame"):
        request.house_frame = campaigns.frame()
        vocabulary.keep(request.house_frame.words)
    frame: Frame = request.house_frame
    return frame


def _of_organisation(page: Page, check: Callable[[Person, Organisation, date], None]) -> Page:
    @wraps(page)
    def door(request: Any, code: str, **kwargs: Any) -> HttpResponse:
        organisation = found(organisations.organisation_with_code(code))
        check(request.person, organisation, clock.today())
        request.subject_shown = organisation
        return page(request, organisation, **kwargs)

    return signed_in(door)


def person_of(request: HttpRequest) -> Person | None:
    """The person signed in, or None on a public page, and for somebody who has left since."""
    person = request.user.person if isinstance(request.user, Account) else None
    return None if person is None or person.left_on else person


def reader_of(request: Any) -> Reader:
    """Who reads this page, with their posts. Asked once a request."""
    if not hasattr(request, "reader"):
        request.reader = Reader.of(person_of(request), clock.today(), language())
    reader: Reader = request.reader
    return reader


def is_office(request: Any) -> bool:
    """Whether an office person is signed in. The office's door knows it already."""
    if not hasattr(request, "is_of_the_office"):
        request.is_of_the_office = bool(reader_of(request).organisations_as(Post.Role.CAMPAIGN_OFFICE))
    return bool(request.is_of_the_office)
