"""Forms of the set-up assistant."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import reason_against
from zhengyou.base.texts import longest
from zhengyou.base.words import in_readers_words, joined, line_of_names, names_of_line
from zhengyou.campaigns import packs, rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign
from zhengyou.campaigns.ruleset import Named, RaterGroup, Rules
from zhengyou.web.shared.fields import DayInput, LongText, ShortText, SureField

FLOOR = _("Thresholds may be raised, never lowered: this one is at least %(limit_value)d.")


ROOM_NAMES = {
    "leadership": _("Leading group and contact points"),
    "plans": _("Themes of the units"),
    "carriers": _("Projects and model units"),
    "consultation": _("Plans open to comments from everybody"),
    "commitments": _("Public promises"),
    "cases": _("Reports of problems, followed until the reporter says they have been put right"),
    "windows": _("Service windows that anybody can rate"),
    "polls": _("Secret appraisals"),
    "paper": _("Paper forms for people without a phone"),
    "grades": _("Yearly grades of people, told to them in private"),
    "awards": _("Notices of candidates and honours"),
}
OWN = "own-"  # how the ids of items begin that the office wrote itself
RAISED = ("nothing_below", "band_below", "open_from")  # thresholds that may be raised


class WhyForm(forms.Form):
    """A form of something that is public already asks why it is corrected; before that it has no such field."""

    why = ShortText(
        label=_("Why it is corrected"), max_length=500, help_text=_("Everybody can read it, beside the old wording.")
    )

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["why"]

    def __iter__(self) -> Iterator[forms.BoundField]:
        """All fields, the reason last, also where a form makes its fields itself: what is corrected comes before why."""
        return iter(sorted(super().__iter__(), key=lambda field: field.name == "why"))


class BasisForm(WhyForm):
    """A campaign's legal basis; after the first launch corrected with its reason."""

    basis_kind = forms.ChoiceField(label=_("Legal basis"))
    basis_body = ShortText(label=_("Approved by"), max_length=200)
    basis_number = ShortText(label=_("Document number"), max_length=100)
    basis_from = forms.DateField(
        label=_("In force from"), widget=DayInput(), help_text=_("A cycle can be launched only while it is in force.")
    )
    basis_until = forms.DateField(label=_("In force until"), widget=DayInput(), required=False)

    field_order: tuple[str, ...] = ("basis_kind", "basis_body", "basis_number", "basis_from", "basis_until", "why")

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], is_public: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, is_public=is_public, **kwargs)
        self.fields["basis_kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The legal basis in one piece."""
        given = self.cleaned_data
        if self.errors:
            return given
        names = {"kind": "kind", "body": "body", "number": "number", "valid_from": "from", "valid_until": "until"}
        return given | {"basis": {name: given.pop(f"basis_{word}") for name, word in names.items()}}


class CampaignForm(BasisForm):
    """A campaign from a pack, with its legal basis."""

    name = ShortText(label=_("Name of the campaign"), max_length=200)
    theme = ShortText(label=_("Overall theme"), max_length=200)
    aim = ShortText(label=_("Aim"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    organisation: Any = forms.ModelChoiceField(
        label=_("For this unit and all below it"), queryset=None, empty_label=None
    )
    field_order = ("name", "theme", "aim", "organisation")

    def __init__(self, *args: Any, roots: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = roots  # type: ignore[attr-defined]


def basis_kinds(pack_id: str) -> list[tuple[str, str]]:
    """The pack's kinds of legal basis to choose from."""
    return [(kind.id, in_readers_words(kind.name)) for kind in packs.load_pack(pack_id).basis_kinds]


def basis_now(campaign: Campaign) -> dict[str, Any]:
    """What the form shows before anything is corrected."""
    names = ("kind", "body", "number", "from", "until")
    return {f"basis_{name}": getattr(campaign, f"basis_{name}") for name in names}


class DescribeForm(WhyForm):
    """What the campaign is and why: its launch page."""

    name = ShortText(label=_("Name of the campaign"), max_length=200)
    theme = ShortText(label=_("Overall theme"), max_length=200)
    aim = LongText(label=_("Aim"), required=False, max_length=1000, rows=2)
    launch_words = LongText(
        label=_("Why we do this"),
        required=False,
        max_length=longest(Campaign, "launch_words"),
        rows=6,
        help_text=_(
            "In the words of the person who leads: plain, and no more than a minute long. They open the "
            "campaign’s page."
        ),
    )
    launch_speaker = ShortText(
        label=_("Whose words these are"), required=False, max_length=120, help_text=_("Name and post.")
    )
    opinion = LongText(
        label=_("Implementation guidelines"), required=False, max_length=longest(Campaign, "opinion"), rows=10
    )
    asked_of_you = LongText(
        label=_("What is asked of you"),
        required=False,
        max_length=longest(Campaign, "asked_of_you"),
        rows=4,
        help_text=_("For somebody who reads nothing else: what to do, and by when."),
    )
    field_order = ("name", "theme", "aim", "launch_words", "launch_speaker", "opinion", "asked_of_you", "why")


class DocumentForm(forms.Form):
    """A document of a higher body that the campaign carries out."""

    title = ShortText(label=_("Title of the document"), max_length=200)
    number = ShortText(label=_("Document number"), max_length=100)
    body = ShortText(label=_("Issued by"), max_length=200)


class CycleForm(forms.Form):
    """A cycle's name and its first and last day."""

    name = ShortText(label=_("Name of the cycle"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())


class StagesForm(WhyForm):
    """First and last day of each stage, inside the cycle. What has no dates yet is offered some, one stage after the other.
    After the launch the cycle's last day can be moved with them.
    """

    ends_on = forms.DateField(label=_("Last day of the cycle"), widget=DayInput())

    def __init__(self, data: Any, *, calendar: Calendar) -> None:
        self.cycle = cycle = calendar.cycle
        super().__init__(data, is_public=cycle.is_launched, initial={"ends_on": cycle.ends_on})
        if not cycle.is_launched:
            del self.fields["ends_on"]
        proposed = calendar.proposed()
        for stage in cycle.ruleset.stages:
            window, name = calendar.windows.get(stage.id), in_readers_words(stage.name)
            self.fields[f"{stage.id}_opens_on"] = forms.DateField(
                label=_("%(stage)s: first day") % {"stage": name},
                initial=window.opens_on if window else proposed[stage.id][0],
                widget=DayInput(),
            )
            self.fields[f"{stage.id}_closes_on"] = forms.DateField(
                label=_("%(stage)s: last day") % {"stage": name},
                initial=window.closes_on if window else proposed[stage.id][1],
                widget=DayInput(),
            )

    def clean(self) -> dict[str, Any]:
        """First and last day by stage. A refusal stands at the stage that it is about."""
        windows: dict[str, Any] = {}
        last_day = self.cleaned_data.get("ends_on")
        if last_day:
            self.cycle.ends_on = last_day  # the stages below are held against it; nothing is saved here
        for stage in [stage.id for stage in self.cycle.ruleset.stages]:
            first, last = (self.cleaned_data.get(f"{stage}_{end}_on") for end in ("opens", "closes"))
            if first and last:
                windows[stage] = (first, last)
                if why := reason_against(rules.check_window, self.cycle, first, last):
                    self.add_error(f"{stage}_closes_on", why)
        more: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("ends_on", "why") if name in self.cleaned_data
        }
        return self.cleaned_data if self.errors else {"windows": windows, **more}


class ChoiceForm(forms.Form):
    """Which of the pack's stages and parts the campaign has."""

    stages = forms.MultipleChoiceField(label=_("Stages"), widget=forms.CheckboxSelectMultiple)
    rooms = forms.MultipleChoiceField(
        label=_("Parts"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you leave out has no menu, no line on anybody’s desk and no card on a page."),
    )

    def __init__(self, data: Any, *, ruleset: Rules, pack: Rules) -> None:
        chosen = {"stages": [stage.id for stage in ruleset.stages], "rooms": list(ruleset.rooms)}
        super().__init__(data, initial=chosen)
        self.pack = pack
        self.fields["stages"].choices = [(stage.id, in_readers_words(stage.name)) for stage in pack.stages]  # type: ignore[attr-defined]
        self.fields["rooms"].choices = [(room, ROOM_NAMES[room]) for room in pack.rooms]  # type: ignore[attr-defined]
        if absent := [str(name) for room, name in ROOM_NAMES.items() if room not in pack.rooms]:
            said = _(
                "This pack has no stages or words for: %(parts)s. They come with a copy of the pack that names them."
            )
            ways = [str(self.fields["rooms"].help_text), str(said) % {"parts": joined(absent)}]
            self.fields["rooms"].help_text = " ".join(ways)


class ThemesForm(WhyForm):
    """A theme for each sector."""

    def __init__(self, *args: Any, sectors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slug, name in sectors:
            field = ShortText(label=name, max_length=300, required=False)
            field.may_wait = True  # saved half done, but a launch needs each
            self.fields[slug] = field

    def clean(self) -> dict[str, Any]:
        """The themes by sector."""
        given = dict(self.cleaned_data)
        why = {"why": given.pop("why")} if "why" in given else {}
        return self.cleaned_data if self.errors else {"texts": given, **why}


class EnglishForm(forms.Form):
    """How campaign, cycle and themes of sectors are called on English pages."""

    campaign_name = ShortText(label=_("Name of the campaign"), max_length=200, required=False)
    campaign_theme = ShortText(label=_("Overall theme"), max_length=200, required=False)
    cycle_name = ShortText(label=_("Name of the cycle"), max_length=120, required=False)

    def __init__(self, data: Any, *, sectors: list[tuple[str, str]], initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        for slug, theme in sectors:
            self.fields[f"theme_{slug}"] = ShortText(label=theme, max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """The themes by sector."""
        given = dict(self.cleaned_data)
        themes = {name.removeprefix("theme_"): given.pop(name) for name in list(given) if name.startswith("theme_")}
        return self.cleaned_data if self.errors else given | {"themes": themes}


def _weight_field(group: RaterGroup) -> forms.IntegerField:
    weight = (
        _("Weight of “%(group)s” in the combined score (0 leaves it out)")
        if group.asked
        else _("Weight of “%(group)s”, which is not asked in this system yet: it counts nowhere")
    )
    label = weight % {"group": in_readers_words(group.name)}
    return forms.IntegerField(label=label, min_value=0, max_value=1000, required=False)


class SheetForm(forms.Form):
    """Points of the grades, the pack's items to choose from, and the thresholds; thresholds can only be raised."""

    nothing_below = forms.IntegerField(label=_("No result below this many valid ballots"), min_value=5, max_value=1000)
    band_below = forms.IntegerField(label=_("Only one overall band below"), min_value=10, max_value=1000)
    open_from = forms.IntegerField(
        label=_("Ballots are published one by one from this many valid ones"), min_value=50, max_value=100_000
    )
    turnout_percent = forms.ChoiceField(
        label=_("Valid from a turnout of"), choices=[("1/2", "1/2"), ("2/3", "2/3"), ("3/4", "3/4")]
    )

    words_shown = forms.ChoiceField(
        label=_("What anybody writes is shown"),
        choices=[
            ("after_a_look", _("after somebody has read it, within one working day")),
            ("at_once", _("at once")),
        ],
        help_text=_("In China, operators answer for what they show. Ratings count at once either way."),
    )

    def __init__(self, data: Any, *, ruleset: Rules, criteria: tuple[Named, ...]) -> None:
        super().__init__(data, initial=_sheet_now(ruleset))
        self.ruleset, self.all_criteria = ruleset, criteria
        for name in RAISED:
            self.fields[name].error_messages["min_value"] = FLOOR
        for grade in ruleset.grades:
            points = _("Points for “%(grade)s”") % {"grade": in_readers_words(grade.name)}
            self.fields[f"points_{grade.id}"] = forms.IntegerField(label=points, min_value=0, max_value=100)
        for group in ruleset.rater_groups:
            self.fields[f"weight_{group.id}"] = _weight_field(group)
        self.fields["criteria"] = forms.MultipleChoiceField(
            label=_("Items on the sheet"),
            choices=[(criterion.id, in_readers_words(criterion.name)) for criterion in criteria],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["own_items"] = LongText(
            label=_("Items of your own, one a line"),
            max_length=2000,
            required=False,
            help_text=_(
                "Chinese and English with | between them. To reword an item above, untick it and write it here "
                "in your words."
            ),
        )

    def clean(self) -> dict[str, Any]:
        """The rules with what was said in the form."""
        return self.cleaned_data if self.errors else {"ruleset": self._new_rules()}

    def _own_items(self) -> tuple[Named, ...]:
        """Items in the office's own words; their ids are their places, as nothing knows them before the launch."""
        lines = [line for line in self.cleaned_data.get("own_items", "").splitlines() if line.strip()]
        return tuple(Named(f"{OWN}{place}", names_of_line(line)) for place, line in enumerate(lines, 1))

    def _new_rules(self) -> Rules:
        given, old = self.cleaned_data, self.ruleset
        votes, roll = map(int, given["turnout_percent"].split("/"))
        raised = {name: given[name] for name in RAISED}
        return replace(
            old,
            grades=tuple(replace(grade, points=given[f"points_{grade.id}"]) for grade in old.grades),
            criteria=(*(one for one in self.all_criteria if one.id in given["criteria"]), *self._own_items()),
            thresholds=replace(old.thresholds, **raised, turnout=(votes, roll)),
            rater_groups=tuple(self._weighed(group) for group in old.rater_groups),
            remarks=replace(old.remarks, words_shown=given["words_shown"]),
        )

    def _weighed(self, group: RaterGroup) -> RaterGroup:
        """A group of raters with the weight said; a field left empty leaves it as it is."""
        weight = self.cleaned_data[f"weight_{group.id}"]
        return group if weight is None else replace(group, weight=weight)


def _sheet_now(ruleset: Rules) -> dict[str, Any]:
    """What the form shows before anything is changed."""
    return {
        **{name: getattr(ruleset.thresholds, name) for name in RAISED},
        "words_shown": ruleset.remarks.words_shown,
        "turnout_percent": "{}/{}".format(*ruleset.thresholds.turnout),
        "criteria": [criterion.id for criterion in ruleset.criteria],
        "own_items": "\n".join(line_of_names(one.name) for one in ruleset.criteria if one.id.startswith(OWN)),
        **{f"points_{grade.id}": grade.points for grade in ruleset.grades},
        **{f"weight_{group.id}": group.weight for group in ruleset.rater_groups},
    }


class LaunchForm(forms.Form):
    """Why the rules are frozen now."""

    why = ShortText(
        label=_("Note for the record"),
        max_length=300,
        help_text=_("Needed: it stands with the rules for ever. For example: approved at the meeting of 5 March."),
    )
    sure = SureField(
        _(
            "Freeze the rules now: from today everybody sees this campaign, and what is corrected later is corrected in public."
        )
    )
