"""Ballots for the office: keys, opening, codes, a later close; and a pool's second issuer: named, asked, answered, counted."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengyou import jobs
from zhengyou.ballots import actions, queries
from zhengyou.base.words import joined
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.rolls import queries as rolls
from zhengyou.rolls.queries import RollVoter
from zhengyou.web.office.polls_facts import back_to, facts_of, of_poll, section_of
from zhengyou.web.office.polls_forms import ExtensionForm
from zhengyou.web.shared import clock, doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fetching import LARGEST, fetch
from zhengyou.web.shared.fields import LongText, OrganisationField, ShortText, names_in
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.public_address import doubts, printed_address
from zhengyou.web.shared.which_one import pieces_of

MOST_NAMED = 10


class IssuerForm(forms.Form):
    """Who the second issuer is and where its process answers."""

    issuer = ShortText(
        label=_("Short name, for the manifest"),
        max_length=40,
        help_text=_("Small letters, digits and dashes, such as “county”."),
    )
    name_zh = ShortText(label=_("Name in Chinese"), max_length=80)
    name_en = ShortText(label=_("Name in English"), max_length=80)
    address = ShortText(
        label=_("Address of its process"),
        max_length=300,
        help_text=_("https:// and the name of its machine. Voters’ phones ask there for the second signature."),
    )

    def clean(self) -> dict[str, Any]:
        """The second issuer as the action takes it."""
        return self.cleaned_data if self.errors else self.cleaned_data | {"name": names_in(self.cleaned_data)}


class LettersForm(forms.Form):
    """For whom letters are made, and in which language: the voters', not the clerk's."""

    whom = forms.ChoiceField(
        label=_("Who gets a code"),
        widget=forms.RadioSelect,
        choices=[
            ("some", _("only for the people named below")),
            ("branch", _("for one unit and those below it")),
            ("all", _("for the whole pool")),
        ],
    )
    people = LongText(
        label=_("Numbers of the people who need a new letter"),
        required=False,
        max_length=20_000,
        help_text=_("Separate them with spaces, commas or new lines."),
    )
    branch = OrganisationField(label=_("The unit whose letters are made"), required=False)
    languages = forms.ChoiceField(
        label=_("Language of the letters"),
        choices=[("zh-hans", _("Chinese")), ("en", _("English")), ("zh-hans en", _("both in each letter"))],
    )

    def __init__(self, data: Any, *, lines: list[RollVoter], is_first: bool, named: str = "") -> None:
        super().__init__(data)
        self.lines, self.by_number = lines, {line.number: line.pk for line in lines}
        self.fields["whom"].initial = "some" if named or not is_first else "all"
        self.fields["people"].initial = named
        self.fields["languages"].initial = settings.LANGUAGE_CODE

    def clean_languages(self) -> list[str]:
        """One language or both, the first for the frame of the sheet."""
        return str(self.cleaned_data["languages"]).split()

    def clean(self) -> dict[str, Any]:
        """The entries meant, all of them on the roll of the pool; None for the whole pool."""
        given = self.cleaned_data
        numbers, whom = pieces_of(given.get("people", "")), given.get("whom")
        unknown = [number for number in numbers if number not in self.by_number]
        if whom == "some" and not numbers:
            self.add_error("people", _("Name at least one person, or choose the whole pool."))
        if whom in ("all", "branch") and numbers:
            self.add_error("people", _("Choose: the whole pool, one unit, or only these people."))
        if unknown:
            sentence = _("Not on the roll of this pool: %(numbers)s. Check the numbers.")
            self.add_error("people", sentence % {"numbers": joined(unknown[:MOST_NAMED])})
        entries: list[int] | None = [self.by_number[number] for number in numbers if number in self.by_number]
        if whom == "branch":
            entries = self._of_branch(given.get("branch"))
        return {"entries": None if whom == "all" else entries, "languages": given.get("languages")}

    def _of_branch(self, branch: Organisation | None) -> list[int]:
        within = {row.code for row in organisations.subtree(branch)} if branch else set()
        entries = [line.pk for line in self.lines if line.branch_code in within]
        if not entries and "branch" not in self.errors:
            self.add_error("branch", _("Nobody of this unit stands on the roll of this pool. Choose another one."))
        return entries


class FileForm(forms.Form):
    """One file from the second issuer."""

    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = label


@doors.office
@require_POST
@of_poll
def prepare(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Have the keys made that the poll still needs."""
    page = section_of(poll, "opening")
    return pressed(request, partial(jobs.ask, "keys", poll, page=page), to=page)


@doors.office
@of_poll
def open_poll(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """Show what is frozen and ask; then freeze the poll's manifest and open it. What is no draft any more has nothing to ask."""
    if request.method != "POST" and poll.state == Poll.State.DRAFTED:
        return render(request, "office/poll_opening.html", facts_of(poll, request.person))
    if request.method != "POST":
        return redirect(*back_to(poll))
    waits = _("The appraisal is frozen and announced. Voting begins at its opening time; hand out the codes meanwhile.")
    done = waits if clock.now() < poll.opens_at else _("The appraisal is open.")
    return pressed(request, partial(actions.open_poll, poll=poll), done=done, to=back_to(poll))


@doors.office
@of_poll
def codes(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Have letters with fresh one-time codes made, after a page that says what becomes of the codes handed out before.

    For the whole pool, or for those who are named. Never for those who have not voted: who they are is nobody's to see.
    """
    pool = found(polls.pool_of(poll, slug))
    lines = rolls.lines_of(pool)
    held = queries.entries_with_codes(poll) & {line.pk for line in lines}
    form = LettersForm(request.POST or None, lines=lines, is_first=not held, named=request.GET.get("number", ""))
    page, address = section_of(poll, "voting"), printed_address(request, reverse("booth", args=[poll.way_in]))
    ask = partial(jobs.ask, "letters", poll, pool=pool, page=page, address=address)

    def ask_for(*, entries: list[int] | None, languages: list[str], **acting: Any) -> None:
        chosen: dict[str, Any] = {} if entries is None else {"entries": entries}
        ask(languages=languages, **chosen, **acting)

    shown = {
        "form": form,
        "heading": _("Letters with new codes"),
        "button": _("Make the letters"),
        "poll": poll,
        "pool": pool,
        "size": len(lines),
        "held": len(held),
        "address": address,
        "doubts": doubts(request),
    }
    return posted(request, form, ask_for, to=page) or render(request, "office/poll_letters.html", shown)


@doors.office
@of_poll
def extend(request: doors.PersonRequest, poll: Poll) -> HttpResponse:
    """A later closing time for an open poll, with its reason."""
    form = ExtensionForm(request.POST or None, initial={"closes_at": poll.closes_at})
    shown = {
        "form": form,
        "heading": _("Extend the appraisal"),
        "lead": _(
            "Only to a later time, and before the present one is over. Everybody sees the new time and the reason."
        ),
        "button": _("Extend the appraisal"),
        "poll": poll,
    }
    return posted(
        request,
        form,
        partial(actions.extend_poll, poll=poll),
        done=_("The appraisal is extended. The new time and the reason are public."),
        to=back_to(poll),
    ) or render(request, "office/form.html", shown)


@doors.office
@of_poll
def issuer(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Everything about one pool's second issuer, step by step; posting names it."""
    pool = found(polls.pool_of(poll, slug))
    form = IssuerForm(request.POST or None, initial=_initial(pool))
    return posted(
        request,
        form,
        partial(actions.name_issuer, poll=poll, pool=pool),
        done=_("The second issuer is named. Hand it the request next."),
        to=_back_to(pool),
    ) or render(request, "office/issuer.html", {"form": form, **_facts(request, poll, pool)})


@doors.office
@require_GET
@of_poll
def issuer_request(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """The request, to hand to the second issuer."""
    pool = found(polls.pool_of(poll, slug))
    return download(queries.issuer_request_file(poll, pool, _origin(request)), f"request-{poll.key}-{slug}.json")


@doors.office
@require_POST
@of_poll
def issuer_reply(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Take the second issuer's reply: its public keys."""
    pool = found(polls.pool_of(poll, slug))
    take = partial(actions.take_reply, poll=poll, pool=pool, reply=_uploaded(request), origin=_origin(request))
    return pressed(request, take, done=_("The keys of the second issuer are taken."), to=_back_to(pool))


@doors.office
@require_POST
@of_poll
def dismiss_issuer(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Let the office issue alone again."""
    pool = found(polls.pool_of(poll, slug))
    done = worded(_("The %(office)s issues alone for this pool again."))
    return pressed(request, partial(actions.dismiss_issuer, poll=poll, pool=pool), done=done, to=_back_to(pool))


@doors.office
@require_POST
@of_poll
def issuer_statement(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Take the second issuer's signed count, from a file or from its own address."""
    pool = found(polls.pool_of(poll, slug))

    def take(**given: Any) -> None:
        address = f"{pool.issuer_address}/issue/{poll.key}/{slug}/statement"
        statement = _uploaded(request) or fetch(address, accept_language=get_language() or "")
        actions.take_statement(poll=poll, pool=pool, statement=statement, **given)

    return pressed(request, take, done=_("The count of the second issuer is taken."), to=_back_to(pool))


def _uploaded(request: doors.PersonRequest) -> bytes:
    """The file that came with the form; nothing if none did."""
    upload: Any = request.FILES.get("file")
    return upload.read(LARGEST + 1) if upload else b""


def _back_to(pool: VoterPool) -> tuple[str, UUID, str]:
    return "office-issuer", pool.poll.key, pool.slug


def _origin(request: doors.PersonRequest) -> str:
    """This site as a voter's browser names it when it asks the second issuer."""
    return request.build_absolute_uri("/").removesuffix("/")


def _initial(pool: VoterPool) -> dict[str, str]:
    name = pool.issuer_name or {}
    given = {"issuer": pool.issuer, "name_zh": name.get("zh-hans", ""), "name_en": name.get("en", "")}
    return given | {"address": pool.issuer_address}


def _facts(request: doors.PersonRequest, poll: Poll, pool: VoterPool) -> dict[str, Any]:
    sizes = polls.pool_sizes(poll)
    size, issued = sizes[pool.pk]
    waiting = queries.pools_waiting_for_issuer(poll, [pool], sizes, polls.sheet_lines(poll))
    counted = pool.issuer_count
    return {
        "poll": poll,
        "pool": pool,
        "size": size,
        "is_answered": bool(pool.issuer) and not waiting,
        "is_stale": bool(pool.issuer_request and waiting),
        "is_over": clock.now() >= poll.closes_at,
        "is_extended": queries.is_extended(poll),
        "issued": issued if counted is not None else None,
        "apart": abs(issued - counted) if counted is not None else 0,
        "opening": request.build_absolute_uri(reverse("booth-opening", args=[poll.way_in])),
        "reply_form": FileForm(label=_("Its reply")),
        "statement_form": FileForm(label=_("Its signed count")),
    }
