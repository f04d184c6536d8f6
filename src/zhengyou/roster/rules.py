"""What may be done to people and organisations, and until when it can be undone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused, allows
from zhengyou.base.time import local_day
from zhengyou.base.words import day_said, joined
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.headings import looks_like_id_number
from zhengyou.organisations.importing.judging import ADDRESSABLE
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within_any
from zhengyou.organisations.vocabulary import worded
from zhengyou.roster.models import RosterChange

HANGING: dict[str, Any] = {
    "post": _("a post"),
    "responsibility": _("a duty"),
    "account": _("an account that is in use"),
    "organisation": _("a unit below it"),
    "rosterchange": _("a change that was written down since"),
    "rollentry": _("a place on the roll of an appraisal"),
    "rollchange": _("a place on the roll of an appraisal"),
    "commitment": _("promises"),
    "vow": _("a personal promise"),
    "case": _("a case"),
    "remark": _("words of the public"),
    "plan": _("a plan"),
    "ask": _("something that it was asked for"),
    "campaign": _("a campaign"),
    "publicentry": _("something that stands in public"),
}
UNDONE_WITHIN = timedelta(days=1)
FURTHEST_BACK_DAYS = 5 * 366
MOST_NAMED = 5  # namesakes in one sentence
MOST_AT_ONCE = 500  # as many as fit on a page that somebody looks through before saying yes


class RosterRefused(Refused):
    """The change does not fit what is there."""


def check_day(happened_on: date, today: date) -> None:
    """What is written down has happened, and not in a year that slipped: every post held since that day would be gone."""
    if (today - happened_on).days > FURTHEST_BACK_DAYS:
        raise RosterRefused(
            _("%(day)s lies more than five years back. Look at the year again.") % {"day": day_said(happened_on)},
            reason="roster.day-long-ago",
        )
    if happened_on > today:
        raise RosterRefused(
            _("This day lies ahead. Write down what has happened, on its day or later."), reason="roster.day-ahead"
        )


def check_had_begun(row: Person | Organisation, on: date) -> None:
    """Nobody leaves before they joined, and nothing ends before it was founded."""
    began = row.joined_on if isinstance(row, Person) else row.founded_on
    if began is not None and on < began:
        raise RosterRefused(
            _("This day lies before %(day)s, on which %(name)s began as the list says. Correct one of the two days.")
            % {"day": day_said(began), "name": row.name},
            reason="roster.day-before-beginning",
        )


def check_holds_no_id_number(*given: str) -> None:
    """What somebody writes holds no ID-card number, as in an import."""
    if any(looks_like_id_number(text) for text in given):
        raise RosterRefused(
            _("This looks like an ID-card number, which is never stored here. Take it out."), reason="roster.id-number"
        )


def check_is_there(person: Person) -> None:
    """Nobody leaves twice."""
    if person.left_on is not None:
        raise RosterRefused(
            _("%(name)s has left already, on %(day)s.") % {"name": person.name, "day": day_said(person.left_on)},
            reason="person.left",
        )


def check_exists(organisation: Organisation) -> None:
    """An organisation ends once."""
    if organisation.ended_on is not None:
        raise RosterRefused(
            _("%(name)s has ended already, on %(day)s.")
            % {"name": organisation.name, "day": day_said(organisation.ended_on)},
            reason="organisation.ended",
        )


def check_is_empty(organisation: Organisation, *, people: int, below: int) -> None:
    """Nobody is left without a home: what is not empty is merged into another organisation."""
    if people:
        raise RosterRefused(
            worded(
                ngettext_lazy(
                    "%(count)d %(member)s still belongs to %(name)s. Merge it into another unit, or move them first.",
                    "%(count)d %(members)s still belong to %(name)s. Merge it into another unit, or move them first.",
                    people,
                ),
                count=people,
                name=organisation.name,
            ),
            reason="organisation.has-people",
        )
    if below:
        raise RosterRefused(
            ngettext_lazy(
                "%(count)d unit still stands below %(name)s. Merge it into another one, or move those first.",
                "%(count)d units still stand below %(name)s. Merge it into another one, or move those first.",
                below,
            )
            % {"count": below, "name": organisation.name},
            reason="organisation.has-others-below",
        )


def check_reaches_duties(person: Person, places: Iterable[Organisation], mine: Iterable[Organisation]) -> None:
    """An office ends, and passes on to somebody, only posts and duties that it could give.

    Otherwise who looks after somebody's home could take the post that an office above gave them, or become its holder.
    """
    mine = list(mine)
    outside = [place for place in places if not is_within_any(place, mine)]
    if outside:
        raise RosterRefused(
            worded(
                _(
                    "%(name)s has a post or duty at %(place)s, which your %(office)s does not look after. The "
                    "%(office)s of the level above can write this down, or end that post first: ask it."
                ),
                name=person.name,
                place=outside[0].name,
            ),
            reason="roster.duty-out-of-reach",
        )


def check_is_not_the_top(organisation: Organisation) -> None:
    """The house stands on its topmost organisation."""
    if organisation.parent_id is None:
        raise RosterRefused(
            _("%(name)s is the topmost unit, and everything stands below it. It can be renamed, not ended.")
            % {"name": organisation.name},
            reason="organisation.topmost",
        )


def check_stands_elsewhere(organisation: Organisation, above: Organisation) -> None:
    """Moving to where it stands already is no change."""
    if organisation.parent_id == above.pk:
        raise RosterRefused(
            _("%(name)s stands below %(above)s already.") % {"name": organisation.name, "above": above.name},
            reason="organisation.there-already",
        )


def check_is_alone(others: Sequence[Person] | Sequence[Organisation]) -> None:
    """A name that stands there already is looked at before somebody is entered twice."""
    if others:
        named = "; ".join(_named(one) for one in others[:MOST_NAMED])
        raise RosterRefused(
            _(
                "There already is: %(named)s. Look whether it is the same. If it is another one, tick that and send it again."
            )
            % {"named": named},
            reason="roster.namesake",
        )


def _named(one: Person | Organisation) -> str:
    code, ended = (one.number, one.left_on) if isinstance(one, Person) else (one.code, one.ended_on)
    if ended is None:
        return f"{one.name} ({code})"
    return gettext("%(name)s (%(code)s, until %(day)s)") % {"name": one.name, "code": code, "day": day_said(ended)}


def check_how_many(count: int) -> None:
    """At least one, and no more than a person can look at."""
    if not count:
        raise RosterRefused(_("None is ticked. Tick those that you mean in the list."), reason="roster.nobody-ticked")
    if count > MOST_AT_ONCE:
        raise RosterRefused(
            _(
                "These are %(count)d entries or more. At most %(most)d can be changed at once: narrow the list, or take an import."
            )
            % {"count": count, "most": MOST_AT_ONCE},
            reason="roster.too-many",
        )


def check_says_something(changes: Mapping[str, str]) -> None:
    """A correction of several says what they are."""
    if not changes:
        raise RosterRefused(_("Choose a kind or a sector. Nothing was changed."), reason="roster.nothing-said")


def check_are_two(one: Person | Organisation, other: Person | Organisation) -> None:
    """Nothing is merged into itself."""
    if one.pk == other.pk:
        raise RosterRefused(_("These are the same. Choose another one."), reason="roster.the-same")


def check_is_elsewhere(person: Person, organisation: Organisation) -> None:
    """A move leads somewhere else."""
    if person.organisation_id == organisation.pk:
        raise RosterRefused(
            _("%(name)s belongs to %(organisation)s already. Choose another unit.")
            % {"name": person.name, "organisation": organisation.name},
            reason="person.belongs-there",
        )


def check_is_free(taken: bool, code: str) -> None:
    """A code or number means one thing for good, also after an end."""
    if taken:
        raise RosterRefused(
            _("%(code)s belongs to another one already, perhaps to one that has left or ended. Choose another.")
            % {"code": code},
            reason="roster.code-taken",
        )


def check_may_be_code(code: str) -> None:
    """Codes stand in addresses of pages."""
    if not ADDRESSABLE.fullmatch(code):
        raise RosterRefused(
            _("The code holds signs that no code can have (/ \\ ? # %%). Leave them out.") % {},
            reason="roster.odd-code",
        )


def check_has_a_place(is_lost: bool) -> None:
    """An undo leads back to where things still stand."""
    if is_lost:
        raise _is_built_on()


def check_is_as_made(count: int) -> None:
    """What a change made is taken away again only while it is as it was made."""
    if not count:
        raise _is_built_on()


def something_hangs_on(name: str, model: str) -> RosterRefused:
    """The refusal to take out an entry on which something hangs already; without a name it was hung on it at this moment."""
    belongs = worded(_("%(members)s who belong to it")) if model == "person" else ""
    what = belongs or HANGING.get(model, _("something else that was written down"))
    return RosterRefused(
        _(
            "%(name)s cannot be taken out any more. On this entry hangs: %(what)s. Take that away first, or write down what happened"
            " instead."
        )
        % {"name": name or "…", "what": what},
        reason="roster.something-hangs-on-it",
    )


def check_is_untold(told: str | None) -> None:
    """An organisation about which something stands in public is not taken out. `told` is how the entry names it."""
    if told:
        raise something_hangs_on(told.partition(":")[2], "publicentry")


def check_nothing_since(touched: Sequence[Person | Organisation], more: int = 0) -> None:
    """An import is taken back as a whole only while nothing was built on it. `more` are changed beside those that are named."""
    if touched:
        named = joined(_named(one) for one in touched)
        if more:
            named = gettext("%(named)s and %(more)d more") % {"named": named, "more": more}
        raise RosterRefused(
            _(
                "Something else was changed since this import: %(named)s. Undo that first, or undo one by one what shall not stay of the"
                " import."
            )
            % {"named": named},
            reason="roster.not-the-newest",
        )


def post_is_taken() -> RosterRefused:
    """The refusal for a post or duty that somebody else was given since."""
    return RosterRefused(
        _("A post or duty that would come back was given to somebody else since. End that first, then undo this."),
        reason="roster.post-given-since",
    )


def _is_built_on() -> RosterRefused:
    return RosterRefused(
        _("Something else was changed here since. Undo that first, or write down what happened."),
        reason="roster.not-the-newest",
    )


def allows_undo(change: RosterChange, *, is_newest: bool, at: datetime, by: Person) -> bool:
    """Whether `check_may_undo` lets it pass, for pages."""
    return allows(check_may_undo, change, is_newest=is_newest, at=at, by=by)


def check_may_undo(change: RosterChange, *, is_newest: bool, at: datetime, by: Person) -> None:
    """Only the newest change of a person or organisation, and only for a day: others have built on older ones.

    Whoever did it undoes it, or an office that reaches every office of theirs: a level below takes back nothing from above.
    """
    if change.undone_at is not None:
        raise RosterRefused(_("This was undone already."), reason="roster.undone")
    if at - change.made_at > UNDONE_WITHIN:
        raise RosterRefused(
            _("This was done more than a day ago and cannot be undone any more. Write down what happened since."),
            reason="roster.too-late",
        )
    if not is_newest:
        raise _is_built_on()
    if not _is_theirs(change, by, local_day(at)):
        raise RosterRefused(
            worded(_("The %(office)s of a level above wrote this down. Only that %(office)s can undo it: ask it.")),
            reason="roster.done-above",
        )


def _is_theirs(change: RosterChange, by: Person, on: date) -> bool:
    """Whether it is this person's own deed, or one of an office within theirs. What a command did is the topmost office's."""
    if change.made_by_id == by.pk:
        return True
    mine = organisations.offices_of(by, on)
    if any(office.parent_id is None for office in mine):
        return True
    doers = organisations.offices_of(change.made_by, local_day(change.made_at)) if change.made_by else []
    return bool(doers) and all(is_within_any(office, mine) for office in doers)
