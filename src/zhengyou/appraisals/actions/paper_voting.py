"""A paper slip used on a phone: what the booth is told of it, and whether the box takes its serial. Nothing is written."""

from datetime import datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from blindballot.encoding import FormatError, b64, parse_canonical, unb64
from blindballot.keyring import keys_path
from zhengyou.appraisals import queries, rules
from zhengyou.appraisals.models import BoxPaperSlip, BoxSlip, Poll
from zhengyou.appraisals.rules import paper as paper_rules


def show_paper_slip(*, poll: Poll | None, fingerprint: Any, finder: Any, at: datetime) -> dict[str, Any]:
    """What a booth needs to fill a printed slip: pool, line, serial, token, and the pool's keys with their path.

    Only who holds the slip knows its `finder`. Raises BallotRefused for a slip that is unknown, cancelled, not released yet,
    or in the box already.
    """
    row = rules.check_is_open(poll, at)
    rules.check_manifest(row, fingerprint)
    try:
        found = BoxPaperSlip.objects.filter(poll=row.key, finder=unb64(finder, 32)).first()
    except FormatError as error:
        raise rules.refused_by_the_box("malformed") from error
    if found is None:
        raise rules.refused_by_the_box("unknown-slip")
    paper_rules.check_slip_is_usable(found, is_used=BoxSlip.objects.filter(key=found.key).exists())
    pool, _slash, line = found.line.partition("/")
    manifest, keys = queries.open_manifest_and_keys(row.pk, row.fingerprint)
    index = next(n for n, each in enumerate(manifest.pools) if each.id == pool)
    return {
        "pool": pool,
        "line": line,
        "serial": b64(bytes(found.serial)),
        "token": b64(bytes(found.token)),
        "keys": parse_canonical(keys.documents[index]),
        "path": [b64(step) for step in keys_path(list(keys.documents), index)],
        "index": index,
    }


def check_printed_serials(cursor: CursorWrapper, keys: list[bytes]) -> None:
    """Refuse serials that were printed and cancelled, or not released yet; serials that no paper carries pass."""
    table = cursor.db.ops.quote_name(BoxPaperSlip._meta.db_table)
    cursor.execute(
        f"SELECT is_cancelled FROM {table} WHERE key = ANY(%s) AND NOT is_released ORDER BY is_cancelled DESC LIMIT 1",
        [keys],
    )
    if held_back := cursor.fetchone():
        raise rules.refused_by_the_box("cancelled" if held_back[0] else "not-released")
