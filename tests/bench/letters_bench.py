"""`letters_4000`: how long the file of letters with codes takes for a pool of 4,000, with the list to sign. The goal is 60 seconds.

Run: `PYTHONPATH=src python -m tests.bench.letters_bench`. No database: the codes become valid in one statement afterwards.
"""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from typing import Any

VOTERS = 4000
GOAL = 60.0


def measure() -> list[dict[str, Any]]:
    """The row: seconds for all letters, beside the goal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengyou.settings")
    import django

    django.setup()
    from django.template.loader import render_to_string

    from zhengyou.documents.actions import write_code_letters
    from zhengyou.polls.models import Poll, VoterPool
    from zhengyou.rolls.queries import RollVoter
    from zhengyou.web.shared import clock

    at = clock.now()
    poll = Poll(name={"zh-hans": "测评", "en": "Appraisal"}, closes_at=at + timedelta(days=7), fingerprint="ab" * 32)
    pool = VoterPool(name={"zh-hans": "全体", "en": "All"})
    lines = [
        RollVoter(
            n, f"党员{n}", f"dangyuan{n}", f"{n:06d}", f"第{n // 20}党支部", f"{n // 20:04d}", "某镇党委 · 某区委"
        )
        for n in range(VOTERS)
    ]
    file, start = io.BytesIO(), time.process_time()
    given: dict[str, Any] = {"file": file, "draw": render_to_string, "poll": poll, "pool": pool, "lines": lines}
    for _step in write_code_letters(
        **given, languages=["zh-hans"], address="https://vote.example/booth/" + "0" * 36 + "/", at=at
    ):
        pass
    took = time.process_time() - start  # a busy machine's clock would measure the neighbours
    facts = {"name": "letters_4000", "ours": round(took, 1), "reference": GOAL}
    return [facts | {"ratio": round(took / GOAL, 3), "unit": "processor seconds, the goal is 60"}]


if __name__ == "__main__":
    print(measure())
