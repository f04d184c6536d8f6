"""Cases with their steps, who read them, the two people who may read what goes around its target, and what these set aside.

Of what a reporter does only the day is kept: no instant, no address, no device. How a case stands now is at the case, for
lists; clocks are nowhere, they are computed from days (`computing.timing`).
"""

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.base.models import StoredFile
from zhengyou.base.numbers import by_chance, number_words
from zhengyou.base.once import SentOnce
from zhengyou.campaigns.models import Cycle
from zhengyou.campaigns.ruleset import Rules
from zhengyou.organisations.models import Organisation, Person


def fresh_id() -> int:
    """The id of a case: by chance, so that no address and no gap in a list tells what came before what, or beside it."""
    return by_chance()


class Case(Referable, SentOnce):
    """What somebody reported about `unit`, which is whoever has it in hand now.

    `words`, `place`, `happened`, `photo` and `contact` are the reporter's own and never for the target, which reads `target_text`.
    `public_words` are the words as their reporter lets everybody read them. The number is given when the case is assigned, so
    that it says nothing of who came when; what goes around its target never has one. `from_on` is the day from which it is to
    be fixed: that on which it came, then `given_on`, on which a unit first got it, or the end of the week in which it was opened
    again, so that no clock that others see tells a reporter's day. `turn_on` is the day on which somebody else's turn began,
    `fixed_on` that from which the reporter is asked. `said_on`: on that day its reporter said something that others learn when the day
    is over (`effects`); until then everything here is as it was before. `paused_until` is the last day of the last pause, which ends by
    itself, `has_phone` whether a telephone was left, which outlasts the contact. `in_house` is the unit's own: who there does it.
    """

    class State(models.TextChoices):
        RECEIVED = "received"
        ASSIGNED = "assigned"
        PASSED = "passed"
        UNOWNED = "unowned"  # after two hands the level above says whose it is
        ASKED = "asked"  # the unit says that it cannot be done, and the level above has not confirmed it
        FIXED = "fixed"
        IMPOSSIBLE = "impossible"
        CLOSED = "closed"
        GUARDED = "guarded"  # goes around its target, and waits to be handed to the named body
        HANDED = "handed"
        SET_ASIDE = "set_aside"

    class Source(models.TextChoices):
        REPORT = "report"
        WINDOW = "window"
        PHONE = "phone"
        HOTLINE = "hotline"
        PAPER = "paper"
        COUNTER = "counter"  # spoken, and written down by somebody there

    class Verdict(models.TextChoices):
        SOLVED = "solved"
        PARTLY = "partly"
        NOT_SOLVED = "not_solved"

    class Lacks(models.TextChoices):
        RULE = "rule"
        MEANS = "means"

    id = models.BigIntegerField(primary_key=True, default=fresh_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(max_length=60)
    source = models.CharField(max_length=10, choices=Source)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    lookup = models.CharField(max_length=64, unique=True)
    lookup_anew = models.CharField(max_length=64, unique=True, null=True)  # of the code that its reporter took instead
    external = models.CharField(max_length=60, blank=True)  # the number that a hotline gave it
    window_words = models.CharField(max_length=200, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    place = models.CharField(max_length=200, blank=True)
    happened = models.CharField(max_length=120, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    contact = models.CharField(max_length=200, blank=True)
    witness = models.CharField(max_length=60, blank=True)  # who heard it read back, if it was spoken at a counter
    may_show = models.BooleanField(default=False)
    public_words = models.TextField(max_length=2000, blank=True)
    is_shown = models.BooleanField(default=False)
    target_text = models.TextField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    received_on = models.DateField()
    given_on = models.DateField(null=True)
    from_on = models.DateField()
    turn_on = models.DateField()
    called_on = models.DateField(null=True)
    fixed_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    pause_asked_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    said_on = models.DateField(null=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    has_phone = models.BooleanField(default=False)
    calls_denied = models.PositiveSmallIntegerField(default=0)
    in_house = models.CharField(max_length=120, blank=True)
    is_from_flood = models.BooleanField(default=False)
    hands = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    unit_says = models.TextField(max_length=1000, blank=True)
    lacks = models.CharField(max_length=10, choices=Lacks, blank=True)  # why it cannot be done
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    body = models.SlugField(max_length=60, blank=True)
    aside = models.ForeignKey("CaseAside", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="case_number_is_unique_in_its_year"),
            models.CheckConstraint(
                condition=Q(number=None, given_on=None) | Q(number__isnull=False, given_on__isnull=False),
                name="case_with_a_number_was_given_to_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(year=None, number=None) | Q(year__isnull=False, number__isnull=False),
                name="case_number_has_a_year",
            ),
            models.CheckConstraint(
                condition=Q(body="") | Q(number=None), name="what_goes_around_its_target_has_no_number"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["guarded", "handed"]) | ~Q(body=""),
                name="only_what_has_a_body_goes_around_its_target",
            ),
            models.CheckConstraint(
                condition=Q(is_shown=False) | Q(may_show=True), name="words_are_shown_if_their_reporter_lets"
            ),
            models.UniqueConstraint(
                fields=["cycle", "source", "external"],
                condition=~Q(external=""),
                name="case_of_a_hotline_is_taken_once",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "state", "received_on"], name="case_by_state"),
            models.Index(fields=["unit", "state", "received_on"], name="case_by_unit"),
            models.Index(fields=["cycle"], condition=~Q(body=""), name="case_that_is_guarded"),
            models.Index(fields=["said_on"], condition=Q(said_on__isnull=False), name="case_whose_reporter_spoke"),
            # Of an office's docket.
            models.Index(fields=["cycle", "-received_on", "lookup"], condition=Q(body=""), name="case_by_day"),
            # Of those that are not over, for lists and counts of them without a look at the rows, which are wide and lie apart.
            models.Index(
                fields=["cycle", "state"],
                include=[
                    "id",
                    "unit",
                    "kind",
                    "lookup",
                    "year",
                    "number",
                    "received_on",
                    "from_on",
                    "turn_on",
                    "called_on",
                    "paused_until",
                    "pauses",
                ],
                condition=Q(
                    body="",
                    state__in=["received", "assigned", "passed", "unowned", "asked", "fixed", "impossible"],
                ),
                name="case_not_over",
            ),
            # Of figures, by the week of the giving.
            models.Index(
                fields=["cycle", "given_on"], condition=Q(body="", number__isnull=False), name="case_by_day_of_giving"
            ),
            # Whose clock ever stood still is computed by itself; there are few.
            models.Index(fields=["cycle", "from_on"], condition=Q(pauses__gt=0, body=""), name="case_that_stood_still"),
            # Of the list for everybody, which counts them by it as well.
            models.Index(
                F("year").desc(),
                F("number").desc(),
                condition=Q(body="", number__isnull=False),
                name="case_by_number",
            ),
        ]

    # For lists, whose clocks would ask for them one case after the other.
    steps_brought: "list[CaseStep] | None" = None
    rules_brought: "Rules | None" = None

    @property
    def ruleset(self) -> Rules:
        """The rules of its cycle."""
        return self.rules_brought or self.cycle.ruleset

    @property
    def number_words(self) -> str:
        """The number as it is written, in the reader's language; nothing before it has one."""
        return number_words(self.year, self.number) if self.year and self.number else ""

    @property
    def is_guarded(self) -> bool:
        """Whether it goes around its target: then two named people read it, and nobody else."""
        return bool(self.body)

    @property
    def key(self) -> str:
        """What is kept of the code that opens it now."""
        return self.lookup_anew or self.lookup

    @property
    def sign(self) -> str:
        """Six digits by which those who read it, and its reporter, name what has no number; by chance, as its id."""
        return f"{self.pk % 1_000_000:06d}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.CLOSED, self.State.HANDED, self.State.SET_ASIDE)


class CaseWeek(models.Model):
    """What figures count of the cases that units were given in a week (`tallies`): by kind, and how many took how many working days by
    this `calendar`. No case is among it, and no day of one.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    week = models.DateField()
    calendar = models.CharField(max_length=20)
    counts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "week"], name="week_of_cases_is_counted_once")]


class CaseWeekStale(models.Model):
    """That a deed changed what figures count of a week since it was counted; gone when it is counted again, within a minute."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    week = models.DateField()


class CaseStep(models.Model):
    """One deed about a case; added, never changed, but that the office may hide its public words, or black out some (`blacked` is what
    is left of them). `unit` had the case in hand when it was done, `to` got it. `by` is None for the reporter. `said` is the verdict that
    was given, or, where the kind was corrected, the kind that it had before.

    `words` of a public step are for everybody; those of a message are for the reporter and for whoever is from elsewhere, or,
    where the unit wrote them, for it too.
    """

    class Hidden(models.TextChoices):
        NAMES = "names"
        INSULTS = "insults"

    class Kind(models.TextChoices):
        RECEIVED = "received"
        ASSIGNED = "assigned"
        REWORDED = "reworded"
        CALLED = "called"
        MESSAGE = "message"
        PASSED = "passed"
        TAKEN = "taken"
        ASKED = "asked"
        DECLINED = "declined"
        IMPOSSIBLE = "impossible"
        FIXED = "fixed"
        PAUSE_ASKED = "pause_asked"
        PAUSE_DENIED = "pause_denied"
        PAUSED = "paused"
        RESUMED = "resumed"
        NOT_CALLED = "not_called"  # so the reporter says, beside the office's word
        VERDICT = "verdict"
        REOPENED = "reopened"
        CLOSED = "closed"
        HANDED = "handed"
        SET_ASIDE = "set_aside"
        BROUGHT_BACK = "brought_back"
        BLACKED_OUT = "blacked_out"
        KIND_CHANGED = "kind_changed"

    class Side(models.TextChoices):
        REPORTER = "reporter"
        OFFICE = "office"
        UNIT = "unit"
        ABOVE = "above"
        READER = "reader"
        CLERK = "clerk"  # who wrote down what somebody handed in or said

    class Why(models.TextChoices):
        DELIVERY = "delivery"
        DECISION = "decision"
        REPORTER = "reporter"
        WEATHER = "weather"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    side = models.CharField(max_length=10, choices=Side)
    unit = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(max_length=1000, blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True)  # what a pause waits for
    until_on = models.DateField(null=True)  # the last day of a pause
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    said = models.SlugField(max_length=60, blank=True)
    hidden = models.CharField(max_length=10, choices=Hidden, blank=True)  # why, if its words are hidden
    blacked = models.TextField(max_length=1000, blank=True)
    hidden_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="step_of_a_case_has_its_number"),
            models.CheckConstraint(
                condition=Q(hidden="", hidden_on=None) | ~Q(hidden="") & Q(hidden_on__isnull=False),
                name="hidden_words_of_a_step_have_a_reason_and_a_day",
            ),
            models.CheckConstraint(
                condition=Q(blacked="") | ~Q(hidden=""), name="blacked_out_words_of_a_step_have_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(side="reporter", by=None) | ~Q(side="reporter") & Q(by__isnull=False),
                name="step_of_a_reporter_names_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(kind="paused") | Q(until_on__gt=F("on")) & ~Q(why=""),
                name="pause_has_a_last_day_and_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["case"], condition=Q(kind="passed"), name="step_that_passed_it_on")]


class CaseReading(models.Model):
    """That somebody read a report, or the text made of it for the target, on that day. Its reporter sees this."""

    class What(models.TextChoices):
        REPORT = "report"
        TEXT = "text"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    side = models.CharField(max_length=10, choices=CaseStep.Side)
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "person", "what", "on"], name="reading_is_kept_once_a_day")
        ]


class CaseReader(Referable):
    """One of the two people who may read what goes around its target in a campaign, from–to: named by one person of the office,
    and a reader from the day on which another one has confirmed that; released likewise, `release_asked_by` being the first of these.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    from_on = models.DateField(null=True)
    release_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on=None, confirmed_by=None)
                | Q(from_on__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("named_by")),
                name="reader_of_cases_is_confirmed_by_another_person",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=Q(until_on=None), name="reader_of_cases_is_named_once"
            ),
        ]


class CaseGiving(models.Model):
    """That somebody of the office asks for what nobody may read to be given to those who are named now, and another one answered.

    Reports that came before a naming are read by nobody who was named for them; this is the one way to them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    given_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by=None, given_on=None)
                | Q(given_by__isnull=False, given_on__isnull=False) & ~Q(given_by=F("asked_by")),
                name="reports_are_given_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(given_on=None), name="giving_of_reports_is_asked_once"
            ),
        ]


class CaseGiven(models.Model):
    """One report that was given so, to one reader."""

    giving = models.ForeignKey(CaseGiving, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(CaseReader, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "case"], name="report_is_given_to_a_reader_once")]


class CaseAside(models.Model):
    """That somebody asks for reports to be set aside, with the reason, and what another person answered: the two readers about
    what goes around its target (`is_around`), two people of the office about what came in a flood. Nothing of a report is deleted
    by it; `answered_at` is kept since it is undone within a day.
    """

    class Why(models.TextChoices):
        PROGRAM = "program"
        SENSELESS = "senseless"
        REPEATED = "repeated"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    is_around = models.BooleanField()
    why = models.CharField(max_length=10, choices=Why)
    words = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)  # how many were set aside by it
    undone_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answered_by=F("asked_by")),
                name="setting_aside_is_answered_by_another_person",
            )
        ]
