"""Which entries of the journal an office reads: those of the people whom it looks after; the topmost office reads all."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from zhengyou.base import journal
from zhengyou.base.deeds import references_of
from zhengyou.base.models import JournalEntry
from zhengyou.organisations.models import Post
from zhengyou.roster import queries as roster
from zhengyou.web.shared import doors

OF_COMMANDS = ("organisations.appoint", "organisations.change_post", "identity.open_account", "identity.switch_on")


def entries_in_reach(
    request: Any, deeds: Collection[str], *, of_commands: Collection[str] = ()
) -> QuerySet[JournalEntry]:
    """Entries with these deeds that somebody in the reach of the reader's office did, the newest first; for the topmost office also
    those `of_commands` that nobody named did.
    """
    rows = journal.entries_of(deeds, of_commands=of_commands)
    offices = doors.reader_of(request).organisations_as(Post.Role.CAMPAIGN_OFFICE)
    if any(one.depth == 0 for one in offices):
        return rows
    people = reduce(or_, (roster.people_within(one) for one in offices), Q(pk__in=[]))
    return rows.filter(by__in=references_of(roster.everybody().filter(people)))
