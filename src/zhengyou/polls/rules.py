"""What may be set up: who may run a poll, its days, its sheet, the size of its pools, its scrutineers; what questions may ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts, longest
from zhengyou.base.time import local_day
from zhengyou.base.words import Names, in_readers_words, joined
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.rules import check_under_way
from zhengyou.campaigns.ruleset import Rules, Weights
from zhengyou.identity import rules as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing.headings import looks_like_id_number
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.vocabulary import worded
from zhengyou.polls.models import (
    LONGEST_OPTION,
    LONGEST_QUESTION,
    Guest,
    Poll,
    QuestionOption,
    RatedOrganisation,
    RatedPerson,
    SheetQuestion,
)

SMALLEST_POOL = 5  # below five somebody could be recognised by their marks (refusal 2)
FEWEST_SCRUTINEERS = 3  # two recount, and one may be absent
MOST_UNITS = 60  # nobody grades more with care in one sitting, and each line costs every voter a signature
MOST_QUESTIONS = 12  # a question takes a minute of thought
UNITS_A_QUESTION = 3  # what a question asks of a member's time, in units of the sheet: an order is thought over
FEWEST_OPTIONS = 2
MOST_OPTIONS = {  # a slip may carry 4,096 patterns (docs/ballots.md), so that a pattern is no signature
    SheetQuestion.Kind.RANKING: 6,
    SheetQuestion.Kind.BEST_THREE: 16,
    SheetQuestion.Kind.APPROVAL: 11,
}
MOST_NAMED = 10  # people, in one sentence
LONGEST_POLL = timedelta(days=366)  # a longer one is a mistyped year


MOST_GUESTS = 5000  # in one pool: a list pasted by mistake is longer


class PollRefused(Refused):
    """The poll cannot be set up, opened or closed so."""


@dataclass(frozen=True)
class Choice:
    """An option as it is asked for: an organisation, or a name in both languages."""

    name: Names
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Asked:
    """A question as it is asked for. A ranking is counted by a method of one's choice; an approval has its own."""

    kind: str
    method: str
    text: Names
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Invited:
    """A guest as the office enters one: the name, and how the letter reaches them."""

    name: str
    contact: str


def check_is_not_concerned(poll: Poll, person: Person, at: datetime) -> None:
    """Whoever is rated or an option, or administers such, does not run, extend, print, key, close, void or count the poll (M32)."""
    check_may_run(poll.cycle, judged_in(poll), person, at)


def judged_in(*polls: Poll) -> list[Organisation]:
    """The organisations on these sheets, of persons there, and those that are options of their questions, in the order of the tree."""
    rated = RatedOrganisation.objects.filter(poll__in=polls).values("organisation")
    homes = RatedPerson.objects.filter(poll__in=polls).values("organisation")
    options = QuestionOption.objects.filter(question__poll__in=polls).exclude(organisation=None).values("organisation")
    judged = Q(pk__in=rated) | Q(pk__in=homes) | Q(pk__in=options)
    return list(Organisation.objects.filter(judged).order_by("path"))


def check_may_run(cycle: Cycle, rated: list[Organisation], person: Person, at: datetime) -> None:
    """Whoever is rated, or administers the rated, does not plan a poll either. Raises identity's ConcernRefused, which names who may."""
    identity.check_is_unconcerned(person, rated, cycle.campaign.organisation, local_day(at))


def check_may_plan(cycle: Cycle, opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """Polls belong to a cycle under way, open before they close, and close in the future."""
    check_under_way(cycle)
    check_times(opens_at, closes_at, at)


def check_times(opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    """A poll opens before it closes, lasts a year at most, and its close is still to come."""
    if closes_at <= opens_at:
        raise PollRefused(
            _("The appraisal would close before it opens. Correct one of the two times."),
            reason="poll.closes-before-it-opens",
        )
    if closes_at - opens_at > LONGEST_POLL:
        raise PollRefused(
            _("An appraisal lasts a year at most. Check the years of its two times."), reason="poll.too-long"
        )
    if closes_at <= at:
        raise PollRefused(
            _("The closing time has already passed. Choose a later one."), reason="poll.closes-in-the-past"
        )


def check_goes_on(poll: Poll) -> None:
    """A poll whose house was restored, or whose box is gone, can only be declared void: nobody knows any more who was issued a ballot."""
    sentences = {
        Poll.OnlyVoid.RESTORED: _(
            "The system was restored from a backup after this appraisal was opened, so nobody can tell any "
            "more who has voted. It can only be declared void and held again."
        ),
        Poll.OnlyVoid.NO_BOX: _(
            "The ballot box of this appraisal is lost, and its ballots with it. It can only be declared void and held again."
        ),
    }
    if poll.only_void:
        raise PollRefused(sentences[Poll.OnlyVoid(poll.only_void)], reason="poll.only-void")


def check_drafted(poll: Poll) -> None:
    """Sheet and pools can be changed only before the poll opens."""
    if poll.state != Poll.State.DRAFTED:
        raise PollRefused(
            _("This appraisal has been opened. Its sheet and its pools can no longer be changed."), reason="poll.opened"
        )


def check_asks_no_question_of_persons(poll: Poll) -> None:
    """A sheet that rates persons is read by few afterwards, and a question by everybody: they are two polls."""
    if poll.is_of_persons:
        raise PollRefused(
            _(
                "This appraisal rates people, and its results are not public. Ask the question in an appraisal "
                "of its own."
            ),
            reason="poll.rates-persons",
        )


def check_units(count: int) -> None:
    """A sheet has at most sixty organisations and questions."""
    if count > MOST_UNITS:
        raise PollRefused(
            _("A sheet takes 1 to %(most)d units. Choose fewer, or make two appraisals.") % {"most": MOST_UNITS},
            reason="poll.sheet-size",
        )


def check_sheet(count: int) -> None:
    """Nobody is asked about nothing: a sheet has an organisation or a question."""
    check_units(count)
    if not count:
        raise PollRefused(
            _("Nothing is on the sheet. Add a question, or plan the appraisal with units."),
            reason="poll.sheet-empty",
        )


def check_question(asked: Asked, others: int) -> None:
    """A question has a text, a method that fits, and as many options as its kind bears. `others`: the questions on the sheet beside it."""
    if others >= MOST_QUESTIONS:
        raise PollRefused(
            _("A sheet takes %(most)d questions. Make a second appraisal for the others.") % {"most": MOST_QUESTIONS},
            reason="question.too-many",
        )
    if (asked.kind == SheetQuestion.Kind.APPROVAL) != (asked.method == SheetQuestion.Method.APPROVALS):
        raise PollRefused(
            _("Approvals are counted as they are, and rankings by Schulze or Borda. Choose a method that fits."),
            reason="question.method-does-not-fit",
        )
    _check_words(asked.text, LONGEST_QUESTION, "question.text")
    _check_options(asked)


def _check_options(asked: Asked) -> None:
    count, most = len(asked.choices), MOST_OPTIONS[SheetQuestion.Kind(asked.kind)]
    if count < FEWEST_OPTIONS:
        raise PollRefused(
            _("A question needs at least two options: there is nothing to choose otherwise."),
            reason="question.too-few-options",
        )
    if count > most:
        raise PollRefused(_TOO_MANY[asked.kind] % {"most": most, "count": count}, reason="question.too-many-options")
    for choice in asked.choices:
        _check_words(choice.name, LONGEST_OPTION, "question.option")
    for language in ("zh-hans", "en"):
        names = [_compared(choice.name[language]) for choice in asked.choices]
        twice = next((one for one, name in zip(asked.choices, names, strict=True) if names.count(name) > 1), None)
        if twice:
            raise PollRefused(
                _("“%(name)s” stands twice among the options. Take one of them out, or give it another name.")
                % {"name": in_readers_words(twice.name)},
                reason="question.option-twice",
            )


_TOO_MANY = {
    "ranking": _(
        "A ranking of all takes at most %(most)d options, and there are %(count)d: with more, an order could be recognised. "
        "Let people name the best three instead, or take some out."
    ),
    "best-three": _(
        "The best three are chosen from at most %(most)d options, and there are %(count)d. Narrow them down first, or take some "
        "out."
    ),
    "approval": _(
        "An approval takes at most %(most)d options, and there are %(count)d: with more, a set of ticks could be recognised. Let "
        "people name the best three instead, or take some out."
    ),
}


def _compared(name: str) -> str:
    return "".join(name.split()).casefold()


def _check_words(names: Names, most: int, slug: str) -> None:
    """A name in both languages, each said and of bearable length."""
    for text in (names.get("zh-hans", ""), names.get("en", "")):
        if not text.strip():
            raise PollRefused(_("Write it in both languages: everybody reads it."), reason=f"{slug}-missing")
        if len(text) > most:
            raise PollRefused(
                _("The text that begins with “%(begin)s” has %(count)d characters. Shorten it to %(most)d.")
                % {"begin": text[:12], "count": len(text), "most": most},
                reason=f"{slug}-too-long",
            )


def check_names_no_person(found: list[str]) -> None:
    """Results about persons are never public, so no person is an option. `found`: names of options that are people's."""
    if found:
        raise PollRefused(
            _(
                "These options are names of people: %(names)s. Ask about units or things; no result about a person is public."
            )
            % {"names": joined(found)},
            reason="question.names-a-person",
        )


def check_names_no_organisation(found: list[str]) -> None:
    """An organisation is chosen from the tree: otherwise its own people could run the poll, and others about it be overlooked."""
    if found:
        raise PollRefused(
            _("These are units of the tree: %(names)s. Choose them there instead of typing their names.")
            % {"names": joined(found)},
            reason="question.names-an-organisation",
        )


def check_pool_size(count: int) -> None:
    """A pool has at least five people."""
    if count < SMALLEST_POOL:
        raise PollRefused(
            _(
                "A pool needs at least %(fewest)d people, this one has %(count)d: fewer could be recognised by their marks. "
                "Join it with another group, or talk with them instead of voting."
            )
            % {"fewest": SMALLEST_POOL, "count": count},
            reason="pool.too-small",
        )


def check_in_one_pool(people: list[Person], already: set[int]) -> None:
    """Nobody sits in two pools of a poll; `already` has the ids of those who sit in one."""
    twice = [person.name for person in people if person.pk in already]
    if twice:
        raise PollRefused(
            _("Nobody sits in two pools of one appraisal. Already in another pool: %(names)s.")
            % {"names": joined(twice[:5])},
            reason="pool.somebody-twice",
        )


def check_invited(invited: Iterable[Invited], known: set[str], likenesses: list[str]) -> None:
    """Guests have a name and a contact and are asked once a poll. `likenesses` are theirs in order, `known` those of the others."""
    rows = list(invited)
    if len(rows) > MOST_GUESTS:
        raise PollRefused(
            _("A pool takes at most %(most)d guests. Check the list, or make two pools.") % {"most": MOST_GUESTS},
            reason="guest.too-many",
        )
    seen = set(known)
    for row, likeness in zip(rows, likenesses, strict=True):
        _check_guest(row)
        if likeness in seen:
            raise PollRefused(
                _("%(name)s (%(contact)s) is asked already, or stands twice in the list. Everybody has one ballot.")
                % {"name": row.name, "contact": row.contact},
                reason="guest.twice",
            )
        seen.add(likeness)


def _check_guest(invited: Invited) -> None:
    named = {"name": invited.name or invited.contact}
    if not invited.name or not invited.contact:
        raise PollRefused(
            _(
                "“%(name)s”: a guest needs a name and a contact, such as a phone number, a ward or an address: the letter is handed "
                "over by it, and two people of one name are told apart."
            )
            % named,
            reason="guest.incomplete",
        )
    for field, text in (("name", invited.name), ("contact", invited.contact)):
        if looks_like_id_number(text):
            raise PollRefused(
                _(
                    "There is an ID-card number in the list. The system keeps none: take the column out and send "
                    "the list again."
                ),
                reason="guest.id-number",
            )
        most = longest(Guest, field) or 0
        if len(text) > most:
            raise PollRefused(
                _("The text that begins with “%(begin)s” has %(count)d characters. Shorten it to %(most)d.")
                % {"begin": text[:12], "count": len(text), "most": most},
                reason="guest.too-long",
            )


def check_rater_group(ruleset: Rules, rater_group: str) -> None:
    """A pool belongs to one of the campaign's groups of raters, or to none."""
    known = {group.id for group in (*ruleset.rater_groups, *ruleset.joint_groups)}
    if rater_group and rater_group not in known:
        raise PollRefused(
            _("The rules of this cycle know no such group of raters. Choose one of the list, or none."),
            reason="pool.unknown-group",
        )
    if rater_group in {group.id for group in ruleset.unasked_groups}:
        raise PollRefused(
            _("This group of raters is not asked in this system yet. Choose another of the list, or none."),
            reason="pool.group-not-asked",
        )


@dataclass(frozen=True)
class PlannedPool:
    """A pool as it is planned: its name, its group of raters or "", how many people are on its roll."""

    name: Names
    rater_group: str
    size: int


def foresee(ruleset: Rules, pools: list[PlannedPool]) -> list[str]:
    """Sentences on what will not come out of a poll with these pools, or comes out by the second table of weights, and why."""
    said = [one for pool in pools for one in _foreseen_of_pool(ruleset, pool)]
    return [*said, *_foreseen_together(ruleset, pools)] if pools else []


def foresee_of_persons(ruleset: Rules, pools: list[PlannedPool], people: list[str]) -> list[str]:
    """Sentences on what these people will not read of themselves, and why: every pool marks everybody on the sheet."""
    shown_from, said = ruleset.thresholds.band_below, []
    for pool in pools:
        facts = {"pool": in_readers_words(pool.name), "size": pool.size, "from": shown_from}
        if pool.size < shown_from:
            said.append(
                _(
                    "“%(pool)s” has %(size)d people. Scores are told from %(from)d ballots on: one band at most comes out of it."
                )
                % facts
            )
    if pools and len(said) == len(pools):
        facts = {"names": joined(people[:MOST_NAMED]), "more": max(0, len(people) - MOST_NAMED)}
        said.append(
            _(
                "So these people will be told no score: %(names)s, and %(more)d more. Take a wider pool, or talk with them instead."
            )
            % facts
            if facts["more"]
            else _("So these people will be told no score: %(names)s. Take a wider pool, or talk with them instead.")
            % facts
        )
    return [*said, *_foreseen_together(ruleset, pools)] if len(pools) > 1 else said


def _foreseen_together(ruleset: Rules, pools: list[PlannedPool]) -> list[str]:
    """Whether the groups of raters are put together, and by which table of weights."""
    rolls = {one.rater_group: sum(each.size for each in pools if each.rater_group == one.rater_group) for one in pools}
    if not any(rolls):
        alone = _("No pool belongs to a group of raters: each is shown by itself, and there is no combined score.")
        return [str(alone)]
    weights = ruleset.weights_for(rolls)
    return [*_foreseen_of_table(weights, rolls), *_foreseen_of_groups(weights, rolls, pools)]


def _foreseen_of_pool(ruleset: Rules, pool: PlannedPool) -> list[str]:
    shown_from, compare_from = ruleset.thresholds.band_below, ruleset.thresholds.compare_from
    said = {"pool": in_readers_words(pool.name), "size": pool.size, "from": shown_from, "compared": compare_from}
    if pool.size < shown_from:
        return [
            _("“%(pool)s” has %(size)d people. Scores are shown from %(from)d ballots on, so none come out of it.")
            % said
        ]
    if pool.size < compare_from:
        return [
            _(
                "“%(pool)s” has %(size)d people. If %(from)d of them vote, scores are shown that reveal nobody’s marks; units "
                "are compared from %(compared)d ballots on, so no places come out of it alone."
            )
            % said
        ]
    return []


def _foreseen_of_table(weights: Weights, rolls: dict[str, int]) -> list[str]:
    """Which groups are too small to count by themselves, and what counts instead."""
    said = []
    for small in weights.small:
        joint = next(group for group in weights.groups if small.id in group.of)
        parts = {"group": in_readers_words(small.name), "size": rolls.get(small.id, 0), "least": small.least}
        parts |= {"joint": in_readers_words(joint.name), "weight": joint.weight}
        said.append(
            _(
                "“%(group)s” has %(size)d people on a roll of its own and counts by itself from %(least)d on. So the second table of "
                "weights serves: “%(joint)s” count as one group, with the weight %(weight)d."
            )
            % parts
        )
        if joint.id not in rolls and rolls.get(small.id):
            said.append(
                _(
                    "Put “%(joint)s” into one pool: their marks are then counted together, and more of them may be shown."
                )
                % parts
            )
    return said


def _foreseen_of_groups(weights: Weights, rolls: dict[str, int], pools: list[PlannedPool]) -> list[str]:
    """Which groups with a weight nobody is asked from, and which pools count in no group."""
    said = []
    for group in weights.groups:
        is_asked = group.id in rolls or (len(group.of) > 1 and set(group.of[1:]) <= set(rolls))
        if group.weight and not is_asked:
            parts = {"group": in_readers_words(group.name), "weight": group.weight}
            said.append(
                _(
                    "No pool asks “%(group)s”, whose weight is %(weight)d. Nobody speaks in their place, so there is no combined score."
                )
                % parts
            )
    counted = {part for group in weights.groups for part in group.of}
    for pool in pools:
        if pool.rater_group and pool.rater_group not in counted:
            said.append(
                _(
                    "“%(pool)s” belongs to groups that count apart in this appraisal, each being large enough. Make a pool for each, or "
                    "it counts in no combined score."
                )
                % {"pool": in_readers_words(pool.name)}
            )
    return said


def check_reason(model: type[Model], **reason: str) -> None:
    """Whatever is made public about a poll says why, within the length of that field of the model."""
    check_texts(PollRefused, model, _("Say why: everybody will read the reason."), **reason)


def check_may_scrutinise(poll: Poll, person: Person, at: datetime) -> None:
    """Scrutineers hold that post outside the rated units, are not tied to them, and do not work in the campaign office."""
    held = organisations.posts_of(person, local_day(at))
    rated = [unit.path for unit in judged_in(poll)]
    homes = [post.organisation.path for post in held if post.role == Post.Role.SCRUTINEER]
    if not any(not home.startswith(tuple(rated)) for home in homes):
        raise PollRefused(
            _("%(person)s holds no post as scrutineer outside the rated units. Give one on the page of posts.")
            % {"person": person.name},
            reason="scrutineer.no-post-outside",
        )
    if any(post.role == Post.Role.CAMPAIGN_OFFICE for post in held):
        own = _("%(person)s works in the %(office)s. A scrutineer checks it and so comes from elsewhere.")
        raise PollRefused(worded(own, person=person.name), reason="scrutineer.of-the-office")
    check_is_not_concerned(poll, person, at)
