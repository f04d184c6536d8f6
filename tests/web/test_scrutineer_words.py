"""The sentences of the scrutineer's program: all that it knows, no other, and none that the recount says otherwise."""

import re
from pathlib import Path

from zhengyou.web.desk.scrutiny_words import scrutineer_words
from zhengyou.web.shared.recount_words import recount_words

PROGRAM = Path(__file__).parents[2] / "frontend" / "recount" / "scrutineer"
FILLED = {"poll", "count", "group", "done", "total", "lines", "slips", "name", "detail", "pool", "place"}


def test_every_sentence_that_the_program_knows_is_there_and_no_other():
    sources = "".join((PROGRAM / name).read_text("utf-8") for name in ("words.ts", "findings.ts"))
    lists = re.findall(r"= \[([^=\[\]]*)\] as const", sources)
    known = {word for one in lists for word in re.findall(r'"([a-z0-9_-]+)"', one)}
    assert known == set(scrutineer_words()) - set(recount_words())
    assert recount_words().items() <= scrutineer_words().items()


def test_the_braces_are_those_that_the_program_fills():
    own = {key: sentence for key, sentence in scrutineer_words().items() if key not in recount_words()}
    for sentence in own.values():
        assert set(re.findall(r"{(\w+)}", sentence)) <= FILLED
