"""How somebody's words become a remark on a paragraph, by whichever door they came; who may say them, and when, is checked before."""

from datetime import datetime
from typing import Any

from zhengyou.consultation import queries
from zhengyou.consultation.models import ParagraphWording, PlanRemark
from zhengyou.remarks import actions as remarks
from zhengyou.remarks.rules import Arrival


def take_words(
    wording: ParagraphWording, words: str, *, at: datetime, arrival: Arrival | None, is_of_members: bool
) -> tuple[PlanRemark, bool]:
    """The remark that these words are, and whether it is a new one: equal words to one wording are one."""
    plan = wording.version.plan
    facts: dict[str, Any] = {"cycle": plan.cycle, "organisation": plan.organisation, "words": words, "at": at}
    about: dict[str, Any] = {
        "subject": wording,
        "heading": _heading(wording),
        "kind": queries.REMARK,
        "arrival": arrival,
    }
    remark = remarks.take_remark(**about, **facts)
    given = {"plan": plan, "wording": wording, "is_of_members": is_of_members}
    return PlanRemark.objects.get_or_create(remark=remark, defaults=given)


def _heading(wording: ParagraphWording) -> str:
    """What the remark is about, in the data's own words: the plan's title and the number of the paragraph."""
    return wording.version.plan.title if wording.place == 0 else f"{wording.version.plan.title} · {wording.place}"
