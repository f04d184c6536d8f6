"""Who may write a plan, in which days it is read and remarked on, what a paragraph and an answer must say, when it may be adopted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.deeds import check_as_read
from zhengyou.base.refusals import Refused
from zhengyou.base.time import working_days_after
from zhengyou.base.words import day_said, joined
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation.models import (
    Paragraph,
    ParagraphFate,
    ParagraphWording,
    Plan,
    PlanRemark,
    PlanResponse,
    PlanVersion,
)
from zhengyou.identity.rules import RoleRefused
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import worded
from zhengyou.remarks.rules import check_public_texts

FEWEST_DAYS = 7  # for everybody, the first and the last day included (M5)
ANSWER_WITHIN = 10  # working days from the arrival of a remark, as for a promise that is contested
LONGEST_REMARK = 1000  # two screens of a phone
MOST_PARAGRAPHS = 300
MOST_NAMED = 12  # paragraphs or remarks that one sentence can name
TOGETHER = 20  # remarks with own words that are answered on one page
MOST_AT_ONCE = 2000  # remarks that one press answers, in some two seconds; what is left is found again


class PlanRefused(Refused):
    """The plan cannot be written, published or adopted like this."""


class PlanRemarkRefused(Refused):
    """The remark cannot be taken now, or not from this person."""


class PlanResponseRefused(Refused):
    """The remarks cannot be answered like this."""


@dataclass(frozen=True)
class ReadingDays:
    """The days of the first consultation: members from, everybody from, and the last day on which remarks are taken."""

    members_from: date
    public_from: date
    open_until: date


def phase_on(plan: Plan, day: date) -> Plan.Phase:
    """Where the plan stands on that day."""
    if plan.adopted_on is not None:
        return Plan.Phase.ADOPTED
    if plan.members_from is None or plan.public_from is None or plan.open_until is None:
        return Plan.Phase.DRAFTED
    if day < plan.members_from:
        return Plan.Phase.ANNOUNCED
    if day < plan.public_from:
        return Plan.Phase.MEMBERS
    return Plan.Phase.OPEN if day <= plan.open_until else Plan.Phase.ANSWERING


def is_public(plan: Plan, day: date) -> bool:
    """Whether everybody may read the plan on that day."""
    return plan.public_from is not None and plan.public_from <= day


def answer_due_on(came_on: date) -> date:
    """By the end of which day a remark is answered."""
    return working_days_after(came_on, ANSWER_WITHIN)


def check_may_plan(by: Person, organisation: Organisation, on: date) -> None:
    """An organisation's plan is written and answered for by its own secretary, or by the campaign office at that organisation."""
    roles = (Post.Role.SECRETARY, Post.Role.CAMPAIGN_OFFICE)
    if not any(organisations.holds_post(by, role, organisation, on) for role in roles):
        raise RoleRefused(
            worded(
                _("Only the %(secretary)s of %(name)s, or its own %(office)s, writes its plan and answers for it."),
                name=organisation.name,
            ),
            reason="role.not-of-the-plan",
        )


def check_may_read_first(by: Person, organisation: Organisation) -> None:
    """Those who belong to the organisation, or to one below it, read its draft before everybody does."""
    if not is_within(by.organisation, organisation):
        raise RoleRefused(
            worded(
                _("The %(members)s of %(name)s are reading this draft first. Everybody can read it later."),
                name=organisation.name,
            ),
            reason="role.not-of-the-members",
        )


def check_may_begin(cycle: Cycle, organisation: Organisation) -> None:
    """Plans are those of organisations that take part in a cycle under way whose campaign consults."""
    campaign_rules.check_under_way(cycle)
    campaign_rules.check_takes_part(cycle, organisation)
    if "consultation" not in cycle.ruleset.rooms:
        raise PlanRefused(
            _("This campaign has chosen to do without plans for the public."), reason="plan.room-not-chosen"
        )


def check_title(title: str) -> str:
    """A plan has a title. Returns it trimmed."""
    return check_public_texts(PlanRefused, Plan, _("Give the plan a title."), title=title)["title"]


def check_paragraphs(texts: Sequence[str], before: int = 0) -> list[str]:
    """At least one paragraph, none too long, and not more than a reader bears together with those `before`."""
    missing = _("Write at least one paragraph.")
    if not texts:
        raise PlanRefused(missing, reason="paragraphwording.text-missing")
    if before + len(texts) > MOST_PARAGRAPHS:
        raise PlanRefused(
            _("This would be %(count)d paragraphs. A plan has at most %(most)d: join some, or make two plans.")
            % {"count": before + len(texts), "most": MOST_PARAGRAPHS},
            reason="plan.too-many-paragraphs",
        )
    return [check_public_texts(PlanRefused, ParagraphWording, missing, text=text)["text"] for text in texts]


def check_is_written(version: PlanVersion) -> None:
    """Only a version that is not published yet is changed."""
    if version.published_at is not None:
        raise PlanRefused(
            _("This version is published and stays as it is. Begin the next version to change the text."),
            reason="version.published",
        )


def gone_meanwhile() -> PlanRefused:
    """What somebody wants to change was taken out, set aside or changed while they were writing."""
    return PlanRefused(
        _("Somebody changed this part of the plan a moment ago. What you wrote was not saved. Look at it once more."),
        reason="paragraph.changed-meanwhile",
    )


def still_as_read(held: Collection[ParagraphWording], read: ParagraphWording) -> ParagraphWording:
    """The paragraph as it stands now, if its text is what its writer read. Raises PlanRefused."""
    now = next((one for one in held if one.pk == read.pk), None)
    if now is None or now.text != read.text:
        raise gone_meanwhile()
    return now


def check_is_paragraph(wording: ParagraphWording) -> None:
    """The plan as a whole, at place 0, is neither reworded nor moved nor removed."""
    if wording.place == 0:
        raise PlanRefused(
            _("This is the plan as a whole. Choose one of its paragraphs."), reason="paragraph.is-the-whole"
        )


def check_may_join(following: ParagraphWording | None) -> None:
    """A paragraph is joined with the one after it."""
    if following is None:
        raise PlanRefused(
            _("This is the last paragraph, so none follows to be joined with."), reason="paragraph.is-last"
        )


def check_may_remove(left: int) -> None:
    """One paragraph stays."""
    if left < 1:
        raise PlanRefused(_("This is the only paragraph. Reword it instead."), reason="paragraph.is-only-one")


def check_because(because: str, *, was_published: bool) -> str:
    """Whoever takes out what people have read says why; it stands in its place. Returns the reason trimmed."""
    missing = _("People have read this paragraph. Say why it is taken out; the reason stands in its place.")
    return check_public_texts(PlanRefused, ParagraphFate, missing if was_published else "", because=because)["because"]


def check_may_put_back(fate: ParagraphFate) -> None:
    """Only what was taken out of the version that is being written is put back."""
    check_is_written(fate.version)
    if fate.heir_id is not None:
        raise PlanRefused(_("This paragraph lives on in another one."), reason="paragraph.lives-on")


def check_reading_days(days: ReadingDays, cycle: Cycle, on: date) -> None:
    """Members read first, then everybody for at least seven days, from today on and inside the cycle."""
    if days.members_from < on:
        raise PlanRefused(
            _("The first day, %(day)s, has already passed. Choose today or a later day.")
            % {"day": day_said(days.members_from)},
            reason="days.in-the-past",
        )
    if days.public_from <= days.members_from:
        raise PlanRefused(
            worded(_("The %(members)s read the draft first: leave them at least one day before everybody reads it.")),
            reason="days.members-not-first",
        )
    check_open_until(days.open_until, days.public_from, cycle)


def check_open_until(open_until: date, public_from: date, cycle: Cycle) -> None:
    """Everybody has at least seven days, the first and the last included, inside the cycle."""
    soonest = public_from + timedelta(days=FEWEST_DAYS - 1)
    if open_until < soonest:
        raise PlanRefused(
            _("Everybody has at least %(days)d days to say something. Choose %(day)s or a later day as the last one.")
            % {"days": FEWEST_DAYS, "day": day_said(soonest)},
            reason="days.too-short",
        )
    if open_until > cycle.ends_on:
        raise PlanRefused(
            _("The cycle ends on %(day)s. Choose that day or an earlier one as the last one.")
            % {"day": day_said(cycle.ends_on)},
            reason="days.past-the-cycle",
        )


def check_may_publish_next(plan: Plan, open_until: date | None, day: date) -> None:
    """While remarks are taken a next version needs a last day of its own, so that nobody's time is cut."""
    campaign_rules.check_under_way(plan.cycle)
    check_not_adopted(plan)
    if phase_on(plan, day) in (Plan.Phase.ANNOUNCED, Plan.Phase.MEMBERS):
        raise PlanRefused(
            _("Everybody reads the first version first. Publish the next one from %(day)s on.")
            % {"day": day_said(plan.public_from)},
            reason="version.before-everybody",
        )
    if open_until is None and phase_on(plan, day) == Plan.Phase.OPEN:
        raise PlanRefused(
            _("Open for comments until %(day)s. Give the next version a last day of its own, or publish it afterwards.")
            % {"day": day_said(plan.open_until)},
            reason="version.days-running",
        )
    if open_until is not None:
        _check_not_shortened(plan, open_until)
        check_open_until(open_until, day, plan.cycle)


def check_differs(before: Sequence[tuple[int, str]], after: Sequence[tuple[int, str]]) -> None:
    """A next version changes something."""
    if list(before) == list(after):
        raise PlanRefused(
            _("This version is the same as the one before. Change something, or adopt the plan as it stands."),
            reason="version.unchanged",
        )


def check_may_begin_version(plan: Plan, newest: PlanVersion) -> None:
    """The next version begins when the last one is published and the plan is not adopted."""
    check_not_adopted(plan)
    if newest.published_at is None:
        raise PlanRefused(
            _("Version %(number)d is being written already. Go on with it.") % {"number": newest.number},
            reason="version.being-written",
        )


def check_may_set_aside(version: PlanVersion) -> None:
    """Only a next version that nobody has read yet is set aside."""
    check_is_written(version)
    if version.number == 1:
        raise PlanRefused(
            _("This is the first version. Change it, or leave it unpublished."), reason="version.is-first"
        )


def check_is_running(plan: Plan, day: date) -> None:
    """Only a consultation that runs, or is announced, is prolonged."""
    if phase_on(plan, day) not in (Plan.Phase.ANNOUNCED, Plan.Phase.MEMBERS, Plan.Phase.OPEN):
        raise PlanRefused(
            _("No comments are taken at the moment, so there is nothing to extend."), reason="days.not-running"
        )


def check_may_prolong(plan: Plan, open_until: date, day: date) -> None:
    """A consultation that runs is prolonged, never shortened."""
    check_is_running(plan, day)
    _check_not_shortened(plan, open_until - timedelta(days=1))
    if open_until > plan.cycle.ends_on:
        check_open_until(open_until, open_until - timedelta(days=FEWEST_DAYS), plan.cycle)


def _check_not_shortened(plan: Plan, open_until: date) -> None:
    """Nobody's time is cut: the last day that people were told is kept, or a later one takes its place."""
    if plan.open_until is not None and open_until < plan.open_until:
        raise PlanRefused(
            _("People were told %(day)s. Choose a later day: a consultation can be extended, never shortened.")
            % {"day": day_said(plan.open_until)},
            reason="days.shortened",
        )


def check_takes_remarks(wording: ParagraphWording, by: Person | None, day: date) -> None:
    """Remarks are taken on a published version within the days for it: from members first (`by`), then from anybody."""
    plan, phase = wording.version.plan, phase_on(wording.version.plan, day)
    campaign_rules.check_under_way(plan.cycle)
    if wording.version.published_at is None or phase in (Plan.Phase.DRAFTED, Plan.Phase.ANNOUNCED):
        raise PlanRemarkRefused(_("This text is not published yet."), reason="planremark.not-published")
    if phase == Plan.Phase.MEMBERS:
        if by is None:
            raise PlanRemarkRefused(
                worded(
                    _("The %(members)s read this draft first. You can write from %(day)s on."),
                    day=day_said(plan.public_from),
                ),
                reason="planremark.members-first",
            )
        check_may_read_first(by, plan.organisation)
    elif phase != Plan.Phase.OPEN:
        raise PlanRemarkRefused(
            _("Comments on this plan were taken until %(day)s. Your words were not kept.")
            % {"day": day_said(plan.open_until)},
            reason="planremark.days-over",
        )


def check_remark(words: str) -> str:
    """A remark says something, in few enough signs to be read; what else words must be is a rule of `remarks`."""
    length = len(words.replace("\r\n", "\n").strip())
    if length == 0:
        raise PlanRemarkRefused(
            _("Write what should be different, or what is good as it is."), reason="planremark.words-missing"
        )
    if length > LONGEST_REMARK:
        raise PlanRemarkRefused(
            _("Your words have %(count)d characters. Shorten them to %(most)d.")
            % {"count": length, "most": LONGEST_REMARK},
            reason="planremark.words-too-long",
        )
    return words


def check_may_respond(plan: Plan, remarks: Collection[PlanRemark], asked: int, own_answers: Mapping[int, str]) -> None:
    """Remarks of this very plan, shown, not answered yet; who added words of their own among several is answered on those. One that was
    hidden at the adoption and is shown since is answered still.
    """
    if not remarks:
        raise PlanResponseRefused(_("Tick at least one comment."), reason="response.to-nothing")
    if len(remarks) != asked or any(one.plan_id != plan.pk for one in remarks):
        raise PlanResponseRefused(
            _("Some of these comments belong to another plan."), reason="response.of-another-plan"
        )
    if any(one.response_id for one in remarks):
        raise PlanResponseRefused(
            _("Somebody has answered some of these comments meanwhile. Look at the list once more."),
            reason="response.already-answered",
        )
    if not all(one.remark.is_shown for one in remarks):
        raise PlanResponseRefused(
            _("Some of these comments are not shown. They are answered once somebody has looked at them."),
            reason="response.not-shown",
        )
    silent = [one.remark_id for one in remarks if one.has_own_words and not own_answers.get(one.pk, "").strip()]
    if silent and len(remarks) > 1:
        raise PlanResponseRefused(
            _("Number %(numbers)s added words of their own. Answer these too, or leave them out and answer them alone.")
            % {"numbers": joined(str(one) for one in silent[:MOST_NAMED])},
            reason="response.own-words-unanswered",
        )


def check_response(outcome: str, text: str, named: Collection[Paragraph], plan: Plan) -> str:
    """One of three outcomes, a reason, and for what was taken up the paragraph that changed. Returns the text trimmed."""
    if outcome not in PlanResponse.Outcome.values:
        raise PlanResponseRefused(
            _("Say whether it was taken up, partly taken up, or not taken up."), reason="response.unknown-outcome"
        )
    if any(one.plan_id != plan.pk for one in named):
        raise PlanResponseRefused(_("Name paragraphs of this plan."), reason="response.paragraph-of-another-plan")
    if outcome != PlanResponse.Outcome.NOT_TAKEN_UP and not named:
        raise PlanResponseRefused(
            _("Name the paragraph that changes because of it."), reason="response.paragraph-not-named"
        )
    missing = _("Say why, or what changed. Everybody reads it below the comment.")
    return check_public_texts(PlanResponseRefused, PlanResponse, missing, text=text)["text"]


def check_own_answers(own_answers: Mapping[int, str]) -> dict[int, str]:
    """Answers to what single people added, trimmed."""
    return {
        pk: check_public_texts(PlanResponseRefused, PlanRemark, "", own_answer=text)["own_answer"]
        for pk, text in own_answers.items()
    }


def check_may_change_response(response: PlanResponse, read: PlanResponse, *, says: tuple[str, str]) -> None:
    """An answer may be mended until the plan is adopted, by whoever has read it as it stands. The same again is harmless."""
    check_not_adopted(response.plan, PlanResponseRefused)
    changed = _("Somebody corrected this answer a moment ago. What you wrote was not saved. Look at it once more.")
    otherwise = PlanResponseRefused(changed, reason="response.changed-meanwhile")
    if (response.outcome, response.text) != says:
        check_as_read(response, read, ["outcome", "text"], otherwise)


def check_not_adopted(plan: Plan, refusal: type[Refused] = PlanRefused) -> None:
    """What is adopted stays."""
    if plan.adopted_on is not None:
        raise refusal(
            _("This plan was adopted on %(day)s and stays as it is.") % {"day": day_said(plan.adopted_on)},
            reason="plan.adopted",
        )


def check_may_adopt(plan: Plan, newest: PlanVersion, day: date) -> None:
    """A plan is adopted in its published wording, after the last day for remarks."""
    campaign_rules.check_under_way(plan.cycle)
    check_not_adopted(plan)
    if phase_on(plan, day) == Plan.Phase.DRAFTED:
        raise PlanRefused(_("Nobody has read this plan yet. Publish it first."), reason="plan.not-published")
    if phase_on(plan, day) != Plan.Phase.ANSWERING:
        raise PlanRefused(
            _("Open for comments until %(day)s. The plan can be adopted afterwards.")
            % {"day": day_said(plan.open_until)},
            reason="plan.days-running",
        )
    if newest.published_at is None:
        raise PlanRefused(
            _("Version %(number)d is not published. Publish it, or set it aside.") % {"number": newest.number},
            reason="plan.version-unpublished",
        )


def check_all_answered(waiting: int, unanswered: int) -> None:
    """Every remark was looked at and has its answer."""
    if waiting:
        raise PlanRefused(
            ngettext_lazy(
                "%(count)d comment waits to be read by the level above. The plan can be adopted once it is answered.",
                "%(count)d comments wait to be read by the level above. The plan can be adopted once they are "
                "answered.",
                waiting,
            )
            % {"count": waiting},
            reason="plan.remark-waiting",
        )
    if unanswered:
        raise PlanRefused(
            ngettext_lazy(
                "%(count)d comment has no answer yet. Answer it first.",
                "%(count)d comments have no answer yet. Answer them first.",
                unanswered,
            )
            % {"count": unanswered},
            reason="plan.remark-unanswered",
        )


def check_says_true(unchanged: Iterable[int]) -> None:
    """Where an answer says "taken up", one of the paragraphs it names says something else than was remarked on. `unchanged`: remarks."""
    numbers = [str(one) for one in unchanged]
    if numbers:
        raise PlanRefused(
            _(
                "Number %(numbers)s was answered “taken up”, but no paragraph that the answer names says anything else now; "
                "other marks and blanks do not count. Change the text in a next version, or correct the answer."
            )
            % {"numbers": joined(numbers[:MOST_NAMED])},
            reason="plan.taken-up-unchanged",
        )


def check_true_once_adopted(unchanged: Iterable[int]) -> None:
    """The text of an adopted plan stays, so that "taken up" is said there only of what has changed. `unchanged`: remarks."""
    if list(unchanged):
        raise PlanResponseRefused(
            _(
                "This plan is adopted and its text stays. Name a paragraph that has changed, or say that it is not taken up."
            ),
            reason="response.text-stays",
        )


def check_adoption(body: str, adopted_on: date, plan: Plan, day: date) -> str:
    """Which body adopted it, on a day after the last one for remarks and not in the future. Returns the body trimmed."""
    body = check_public_texts(PlanRefused, Plan, _("Say which body adopted the plan."), adopted_by_body=body)[
        "adopted_by_body"
    ]
    if adopted_on > day or plan.open_until is None or adopted_on <= plan.open_until:
        raise PlanRefused(
            _("The day of the decision lies after the last day for comments, %(day)s, and not in the future.")
            % {"day": day_said(plan.open_until)},
            reason="plan.adopted-on-a-wrong-day",
        )
    return body
