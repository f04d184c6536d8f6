"""What the page of every unit and everybody’s desk ask about polls, by statements built once. Other rooms ask `queries`, which asks it."""

from django.db.models import Q, QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.organisations.models import Organisation, Person
from zhengyou.polls.models import Poll, QuestionOption, RatedOrganisation, RollEntry


@prepared
def closed_rating(organisations: list[int]) -> QuerySet[Poll]:
    """The closed polls with any of these on the sheet, the newest first."""
    rated = RatedOrganisation.objects.filter(organisation__in=organisations).values("poll")
    return Poll.objects.filter(pk__in=rated, state=Poll.State.CLOSED).select_related("cycle").order_by("-closes_at")


@prepared
def options_in_closed(organisation: Organisation) -> QuerySet[QuestionOption]:
    """Where it was an option of a closed poll’s question, the newest poll first."""
    rows = QuestionOption.objects.filter(organisation=organisation, question__poll__state=Poll.State.CLOSED)
    return rows.select_related("question__poll__cycle").order_by("-question__poll__closes_at", "question__position")


@prepared
def on_open_rolls(person: Person) -> QuerySet[RollEntry]:
    """Where somebody stands on the roll of an open poll."""
    return RollEntry.objects.filter(person=person, poll__state=Poll.State.OPENED).select_related("poll")


@prepared
def not_finished() -> QuerySet[Poll]:
    """Those that are not over, or whose box is not destroyed yet, the first to open first."""
    going = Q(state__in=[Poll.State.DRAFTED, Poll.State.OPENED])
    rows = Poll.objects.filter(going | Q(is_box_destroyed=False)).select_related("cycle__campaign__organisation")
    return rows.order_by("opens_at", "pk")
