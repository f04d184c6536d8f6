"""What a second issuer's pages and commands ask."""

import json
from typing import Any
from uuid import UUID

from zhengyou.issuers.models import IssuerDuty


def duty_of(poll_key: UUID, pool: str) -> IssuerDuty | None:
    """What this house issues for as a second issuer in that poll and pool, or None."""
    return IssuerDuty.objects.filter(poll=poll_key, pool=pool).first()


def duty_origin(poll_key: UUID, pool: str) -> str:
    """The one site whose booth may ask this second issuer, or nothing."""
    return IssuerDuty.objects.filter(poll=poll_key, pool=pool).values_list("origin", flat=True).first() or ""


def all_duties() -> list[IssuerDuty]:
    """Everything this house prepared for as a second issuer, the oldest first."""
    return list(IssuerDuty.objects.order_by("id"))


def duty_title(duty: IssuerDuty) -> dict[str, str]:
    """The title of the poll as the office asked it."""
    title: dict[str, str] = json.loads(duty.request)["title"]
    return title


def opened_duties() -> list[dict[str, Any]]:
    """The polls in which this second issuer issues or issued: poll, origin, own name, closing time and title."""
    rows = IssuerDuty.objects.exclude(fingerprint="").order_by("-closes_at", "id")
    return [
        {
            "poll": row.poll,
            "origin": row.origin,
            "name": row.name,
            "closes_at": row.closes_at,
            "title": duty_title(row),
        }
        for row in rows
    ]
