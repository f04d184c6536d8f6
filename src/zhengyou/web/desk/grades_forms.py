"""Forms of yearly grades: one's own words, a whole unit on one page, a correction, a talk, an objection and its answer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.ruleset import Rules
from zhengyou.grades.models import GradeChange, GradeDecision, GradeObjection, SelfAssessment
from zhengyou.grades.rules import PersonGrade
from zhengyou.organisations.models import Person
from zhengyou.web.shared.fields import DayInput, LongText, ShortText, SureField

NOT_GRADED = "none"
LEFT_OPEN = ("", _("not decided yet"))
LONGEST_REASON = longest(GradeDecision, "reason") or 0


class SelfAssessmentForm(forms.Form):
    """One's own words on the year."""

    text = LongText(
        label=_("My words on this year"),
        max_length=longest(SelfAssessment, "text"),
        rows=10,
        help_text=_(
            "What you did of what you committed to, and where you fell short. A few plain sentences are enough."
        ),
    )


class UnitGradesForm(forms.Form):
    """What a committee decided about its people: a grade or “not graded” for each, or one for all who are left."""

    decided_on = forms.DateField(label=_("Day of the decision"), widget=DayInput())
    rest = forms.ChoiceField(
        label=_("Everybody for whom nothing is chosen"),
        required=False,
        help_text=_("Choose one grade for everyone who is left, or leave them for another day."),
    )
    knowingly = forms.BooleanField(
        label=_("More of the best grade than the rules allow: this is intended, and the level above sees it."),
        required=False,
    )

    def __init__(self, data: Any, *, ruleset: Rules, people: list[Person], decided: Mapping[int, Person]) -> None:
        super().__init__(data)
        self.people, self.decided = people, decided
        grades = grade_choices(ruleset)
        self.fields["rest"].choices = [LEFT_OPEN, *grades]  # type: ignore[attr-defined]
        for person in people:
            choices = [LEFT_OPEN, *grades, (NOT_GRADED, _("not graded, with a reason"))]
            self.fields[f"grade_{person.pk}"] = forms.ChoiceField(
                label=_("Grade of %(name)s") % {"name": person.name}, choices=choices, required=False
            )
            self.fields[f"reason_{person.pk}"] = ShortText(
                label=_("Reason, if not graded"), max_length=LONGEST_REASON, required=False
            )

    @property
    def of_people(self) -> dict[int, tuple[Any, Any]]:
        """The two boxes of each person, by the person's id."""
        return {one.pk: (self[f"grade_{one.pk}"], self[f"reason_{one.pk}"]) for one in self.people}

    def clean(self) -> dict[str, Any]:
        """The lines that were chosen. Whom somebody decided meanwhile stands among them, so that it is said and not passed over."""
        given = self.cleaned_data
        if self.errors:
            return given
        lines = []
        for person in self.people:
            chosen = given[f"grade_{person.pk}"]
            is_shown = f"grade_{person.pk}" in self.data  # who committed meanwhile was on nobody's screen
            grade = chosen or (given["rest"] if is_shown else "")
            if grade:
                reason = given[f"reason_{person.pk}"] if grade == NOT_GRADED else ""
                lines.append(PersonGrade(person, "" if grade == NOT_GRADED else grade, reason))
        meanwhile = [one for pk, one in self.decided.items() if self.data.get(f"grade_{pk}")]
        lines += [PersonGrade(one, "", "-") for one in meanwhile]
        if not lines:
            raise forms.ValidationError(_("Choose a grade for somebody, or one for everyone who is left."))
        return {"decided_on": given["decided_on"], "lines": lines, "knowingly": given["knowingly"]}


class OneGradeForm(forms.Form):
    """A grade, or none with a reason."""

    grade = forms.ChoiceField(label=_("Grade"))
    reason = ShortText(label=_("Reason, if not graded"), max_length=LONGEST_REASON, required=False)

    def __init__(self, data: Any, *, ruleset: Rules, decision: GradeDecision) -> None:
        super().__init__(data, initial={"grade": decision.grade or NOT_GRADED, "reason": decision.reason})
        choices = [*grade_choices(ruleset), (NOT_GRADED, _("not graded, with a reason"))]
        self.fields["grade"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """No grade is nothing, and a reason belongs to that alone."""
        given = self.cleaned_data
        if given.get("grade") == NOT_GRADED:
            return given | {"grade": ""}
        return given | {"reason": ""}


class CorrectGradeForm(OneGradeForm):
    """The right grade, and why another one stood there."""

    why = ShortText(label=_("Why it is changed"), max_length=longest(GradeChange, "why"))
    sure = SureField(_("Change it: the old one stays beside it for everyone who may read it."))
    field_order = ("grade", "reason", "why", "sure")


class AnswerGradeForm(OneGradeForm):
    """The answer of the level above, and the grade as it stands after it."""

    answer = LongText(
        label=_("Answer with its reason"),
        max_length=longest(GradeObjection, "answer"),
        rows=5,
        help_text=_("The person reads it word for word, and so do those who lead the unit."),
    )
    sure = SureField(_("Answer now: the answer is final. A changed grade is shown beside the old one."))
    field_order = ("answer", "grade", "reason", "sure")


class TalkForm(forms.Form):
    """On which day somebody was told."""

    told_on = forms.DateField(label=_("Told in a talk on"), widget=DayInput())
    sure = SureField(_("The person was told in private. From that day they may object."))


class ObjectionForm(forms.Form):
    """What a person objects to."""

    text = LongText(
        label=_("What you object to, and why"),
        max_length=longest(GradeObjection, "text"),
        rows=6,
        help_text=_("The level above reads it and answers with a reason; those who lead your unit read both."),
    )
    sure = SureField(_("Send it now: you can object once, and the answer is final."))


def grade_choices(ruleset: Rules) -> list[tuple[str, str]]:
    """The grades of the frozen rules, the best first, in the reader's words."""
    return [(grade.id, in_readers_words(grade.name)) for grade in ruleset.member_grades]
