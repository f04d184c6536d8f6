"""The refusals of the mission that the models, the sources and the headers can prove. What a real poll leaves behind is searched
in test_ballot_leaks.
"""

import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from tests.cast import district as cast
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.refusing import refused
from tests.cast.writing import ticket_in

from zhengyou.ballots.models import LineKey
from zhengyou.boxes.models import BOX, TABLES
from zhengyou.campaigns import rules as campaign_rules
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import Thresholds
from zhengyou.commitments.models import CitizenAnswer
from zhengyou.identity.models import Account
from zhengyou.organisations.models import Person
from zhengyou.paper.models import PaperBatch
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import (
    Poll,
    PollExtension,
    PollScrutineer,
    RatedPerson,
    RefusedPool,
    RollEntry,
    RollMark,
    VoterPool,
)
from zhengyou.remarks.models import Remark
from zhengyou.rolls.models import RollChange
from zhengyou.scrutiny.models import PassedShares, ScrutineerWord
from zhengyou.web.shared import clock

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src/zhengyou"
MODELS = list(apps.get_app_config("zhengyou").get_models())
FIELDS = [(model.__name__, field) for model in MODELS for field in model._meta.get_fields()]
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField, models.DurationField)
# Places, counters of documents, sizes of files, terms of a rule. A new one is written here by somebody who has thought about
# whether it counts what people do.
NUMBERS_KEPT = {
    # how often the office let the time limit of a case stand still, and its reporters said that nobody called: of the office, in public
    "pauses", "calls_denied",
    "times", "reports", "load",  # equal words, reports by readers, and how much came within ten minutes
    "id", "position", "depth", "year", "number", "last", "version", "revision", "proposal", "proposals", "size", "width", "height",
    "quota", "working_days",
    "heard",  # the number of the newest of citizens' answers that a unit's answer answers
    # counts of tokens and of paper, told per pool and never per person; which batch a slip of paper belongs to
    "issuer_count", "turnout_shown", "people", "sheets", "drawn", "forms", "forms_without_slip", "batch", "keying",
    # how far a job is
    "steps", "steps_done",
    # what a form takes by its estimate, asked of an organisation; where in the tree something stands
    "minutes", "place",
    # how many of a selection's places are for the front line at least, and for one unit at most
    "front_line_least", "most_of_one",
    # how many answers of each mark came about a promise
    "kept", "not_kept", "cannot_tell", "on_course", "off_course", "too_early",
    # how many of a unit know its theme, without who; what is told follows at each ten answers
    "yes", "partly", "no", "shown_yes", "shown_all",
    # of one window on one day, forgotten with it: how many best marks in a row, how many in all, how many before closing
    "run", "praise", "praise_late",
    # a body's votes on a commendation; through how many hands a case went and how often it was opened again, which are figures of
    # units; the piece of central work
    "present", "in_favour", "against", "abstained", "hands", "reopened", "piece",
    # published figures of other districts, and how many marks came at a window in a week
    "count", "mean", "standard_error",
    # which pairs of signs the words of a findable thing have, by which a search passes it over
    "folded_bits", "spelled_bits",
}  # fmt: skip
TRACES = re.compile(
    r"(^|_)(ips?|remote|agent|device|latitude|longitude|location|gps|face|fingerprint_of_device|cookie|visits?|visitors?|seen|"
    r"online|streaks?|checkins?|check_ins?|likes?|forwards?|shares?|points?|clicks?|logins?|logged|badges?)(_|$)"
)


def sources(*patterns: str) -> list[Path]:
    return sorted(chain.from_iterable(HOUSE.rglob(pattern) for pattern in patterns))


# 1 and 3: ballots


def test_the_box_points_at_nobody_and_nobody_points_at_the_box() -> None:
    assert not re.search("person|references|name", TABLES[BOX].lower())
    assert [name for name, _field in FIELDS if "slip" in name.lower()] == []


def test_only_the_roll_knows_both_a_person_and_a_poll() -> None:
    of_a_poll = {Poll, VoterPool, LineKey, RollEntry}
    pointing = {model: {f.related_model for f in model._meta.get_fields() if f.is_relation} for model in MODELS}
    who_ran_it = {
        Poll,
        PollExtension,
        PollScrutineer,
        ScrutineerWord,
        PassedShares,
        PaperBatch,
        RefusedPool,
        RatedPerson,  # whom a poll asks about, which its sheet says
    }  # people of the office and scrutineers, never voters
    # A correction says who was put on a roll or taken off it before the poll opened; whether they voted it cannot know.
    on_a_roll = {RollEntry, RollChange}
    assert {model for model, aims in pointing.items() if Person in aims and aims & of_a_poll} - who_ran_it == on_a_roll
    assert [model for model, aims in pointing.items() if RollEntry in aims] == [RollMark]


def test_ballots_live_on_a_server_of_their_own_that_keeps_no_trace(servers) -> None:
    key = str(uuid4())
    servers.make(key)
    kept = {
        "track_commit_timestamp": "off",
        "archive_mode": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_min_duration_statement": "-1",
        "log_connections": "",
        "track_activities": "off",
    }
    for database in TABLES:
        with servers.lent(key, database) as connection:
            for name, value in kept.items():
                shown = connection.execute(f"SHOW {name}").fetchone()[0]
                assert shown in {value, value or "off"}, name
    assert (servers.folder / key / "key").stat().st_mode & 0o077 == 0


def test_a_code_never_stands_in_an_address() -> None:
    """Paths are logged for refused requests; so a booth's path holds the poll's public key and nothing else."""
    booths = {pattern.name: str(pattern.pattern) for pattern in every_address() if "booth" in str(pattern.pattern)}
    assert {"booth", "booth-keys", "booth-issue", "booth-cast", "booth-manifest"} <= set(booths)
    assert [path for path in booths.values() if set(re.findall(r"<.*?>", path)) - {"<uuid:key>"}] == []
    links = [re.findall(r"(.)m=[^\n]{1,40}?(.)c=", path.read_text(encoding="utf-8")) for path in sources("*.py")]
    assert set(chain.from_iterable(links)) == {("#", "&")}


def every_address() -> list[URLPattern]:
    found, waiting = [], list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            found.append(one)
        else:
            waiting += one.url_patterns
    return found


def test_requests_are_logged_only_when_they_fail_and_queries_never(settings) -> None:
    quiet = {"handlers": ["console"], "level": "WARNING", "propagate": False}
    brief = quiet | {"handlers": ["one_line"]}
    of_requests = {"filters": ["quiet_booth"]}
    assert settings.LOGGING["loggers"] == {
        "django": quiet,
        "procrastinate": quiet,
        "django.security": brief,
        "django.request": of_requests | {"level": "ERROR"},
        "django.security.DisallowedHost": of_requests,
    }
    assert not settings.DEBUG
    assert "log_access=False" in (HOUSE / "management/serving/web_workers.py").read_text(encoding="utf-8")


# 2: small numbers


def test_no_campaign_can_lower_what_protects_its_voters() -> None:
    floors = {"nothing_below": 5, "band_below": 10, "open_from": 50, "cell": 5, "compare_from": 10}
    lowest = Thresholds(**floors, turnout=(1, 2))
    campaign_rules.check_thresholds(lowest)
    for name, floor in floors.items():
        with refused("thresholds.lowered"):
            campaign_rules.check_thresholds(replace(lowest, **{name: floor - 1}))
    poll_rules.check_pool_size(5)
    with refused("pool.too-small"):
        poll_rules.check_pool_size(4)
    assert [poll_queries.coarse_turnout(size, 9) for size in (9, 10)] == [None, 5]


# 4 and 5: nothing that counts clicks, nothing that follows people


def test_no_field_counts_what_people_click() -> None:
    numbers = {field.name for _name, field in FIELDS if isinstance(field, NUMBERS) and not field.is_relation}
    assert numbers <= NUMBERS_KEPT
    assert {"position", "quota"} <= numbers


def test_no_field_follows_people() -> None:
    followed = [(name, field.name) for name, field in FIELDS if TRACES.search(field.name) and not is_sign_in(name)]
    assert followed == []
    assert not any(isinstance(field, models.GenericIPAddressField) for _name, field in FIELDS)
    assert [name for name in ("last_seen_at", "ip", "likes", "opens_at") if not TRACES.search(name)] == ["opens_at"]


def is_sign_in(model: str) -> bool:
    """The models of signing in. A session says on which kind of device it is, to its owner alone, and is deleted when it ends."""
    return model in {"Account", "AccountSession", "FailedSignIn"}


@pytest.mark.django_db
def test_nobody_can_be_judged_by_signing_in() -> None:
    assert Account.last_login is None
    fields = {field.name for field in Account._meta.get_fields()}
    of_sign_in = {"login", "password", "is_handed_out", "is_active", "off_reason", "seal"}
    assert fields == {"id", "person", "language"} | of_sign_in
    district = cast.small_district(at=clock.now())
    before = list(Account.objects.order_by("id").values())
    said = {"login": district.office.number, "password": cast.PASSWORD}
    assert Client().post(reverse("sign-in"), said).status_code == 302
    assert list(Account.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_a_page_may_ask_the_device_for_nothing_and_load_nothing_from_elsewhere(client) -> None:
    for address in ("/", reverse("public-polls"), "/no-such-page/", reverse("sign-in"), reverse("trust")):
        headers = client.get(address).headers
        assert set(re.findall(r"(\w+)=\(\)", headers["Permissions-Policy"])) >= {"camera", "geolocation", "microphone"}
        policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["form-action"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "script-src" not in policy
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


# 6: no mark is chosen for anybody


def test_no_template_and_no_booth_marks_anything_beforehand() -> None:
    chosen = re.compile(r"<(input|option)\b[^>]*\b(checked|selected)\b")
    marking = {path.name: path.read_text(encoding="utf-8") for path in sources("*.html")}
    marking = {name: text for name, text in marking.items() if chosen.search(text)}
    # Filters of a list and ticks before a question or after a refusal show what the reader chose; numbers in a report come blacked out.
    kept = {
        "list.html",
        "plan_compare.html",
        "standing_choice.html",
        "import_left_out.html",
        "case_preview.html",
        "tick.html",
        "all_that_match.html",
        "import_causes.html",  # the kind that is spelled nearly so
    }
    assert set(marking) == kept
    unasked = re.compile(r"\b(checked|selected)\b(?! ?\{% endif %\})")
    assert not [
        name
        for name, text in marking.items()
        if any(unasked.search(m[0] + text[m.end() :][:12]) for m in chosen.finditer(text))
    ]
    files = [path for folder in ("booth", "desk", "shared") for path in (ROOT / "frontend" / folder).glob("*.ts")]
    booth = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert [name for name, text in booth.items() if re.search(r"\bchecked[\"']?\s*:|[\"']checked[\"']", text)] == []
    given = {value for text in booth.values() for value in re.findall(r"\.checked\s*=(?![=])\s*([^;\n]+)", text)}
    # A question shows the answer that a person has given, which is none to begin with.
    assert given == {"false", "draft[radio.name] === radio.value", "at >= 0", "unsure", "isBlank"}
    assert "private answer = noAnswer;" in booth["questions.ts"]
    assert "noAnswer: Answer = { chosen: [], unsure: false }" in booth["answers.ts"]


@pytest.mark.django_db
def test_the_question_whether_a_promise_was_kept_comes_unanswered() -> None:
    page = Client().get(promise_address()).content.decode()
    assert page.count('type="radio"') == 3
    assert not re.search(r"\bchecked\b", page)


def promise_address() -> str:
    district = cast.small_district(at=clock.now())
    cycle = cast.launched_cycle(district, at=clock.now())
    published = published_commitment(district, cycle, district.villages[0], at=clock.now())
    return reverse("public-promise", args=[district.villages[0].code, promises_of(published)[0].pk])


# 7: nobody is told apart by cookie or network address


def test_no_page_reads_or_sets_a_cookie_or_asks_for_the_address_of_the_sender() -> None:
    asked = re.compile(
        r"REMOTE_ADDR|FORWARDED_FOR|REMOTE_HOST|USER_AGENT|User-Agent|\.COOKIES|set_(signed_)?cookie|get_signed_cookie"
    )
    asking = [path for path in sources("*.py") if asked.search(path.read_text(encoding="utf-8"))]
    # The one exception slows whoever guesses passwords, and nobody who only reads or writes (decision 0029). The other looks only
    # whether a session's cookie came at all, so that no page made for one person is kept for others (decision 0041).
    assert sorted(path.name for path in asking) == ["conditional.py", "devices.py"]
    kept = next(path for path in asking if path.name == "conditional.py").read_text(encoding="utf-8")
    assert asked.findall(kept) == [""]
    assert "settings.SESSION_COOKIE_NAME not in request.COOKIES" in kept
    using = [path.name for path in sources("*.py") if re.search(r"devices\.\w+\(", path.read_text(encoding="utf-8"))]
    assert sorted(using) == ["account_pages.py", "paper_pages.py", "sessions.py"]


@pytest.mark.django_db
def test_the_same_browser_may_answer_twice_and_is_not_recognised() -> None:
    address, visitor = promise_address(), Client()
    for mark in ("on_course", "off_course"):
        ticket = ticket_in(visitor.get(address).content.decode())
        assert visitor.post(address, {"ticket": ticket, "mark": mark}).status_code == 302
    assert sorted(CitizenAnswer.objects.values_list("mark", flat=True)) == ["off_course", "on_course"]
    assert not visitor.cookies
    assert {field.name for field in CitizenAnswer._meta.get_fields()} == {"id", "promise", "mark", "remark"}
    of_the_sender = {
        "subject",
        "heading",
        "kind",
        "cycle",
        "organisation",
        "words",
        "photo",
        "came_on",
        "times",
        "fold",
    }
    of_the_house = {field.name for field in Remark._meta.get_fields()} - of_the_sender
    assert of_the_house == {
        *(
            "id",
            "once",
            "public_id",
            "state",
            "why",
            "has_number",
            "was",
            "looked_on",
            "looked_by",
            "hidden_because",
            "reports",
        ),
        *("reported_on", "hiding_asked_by", "hiding_asked_because", "answer", "answered_on", "answered_by"),
    }


# 10: no campaign without a legal basis


@pytest.mark.django_db
def test_no_campaign_without_a_legal_basis() -> None:
    district = cast.small_district()
    basis = {"kind": "internal-annual-assessment", "body": "测试区委", "number": "测发1号"}
    cast.drafted_cycle(district)
    dates = {"valid_from": cast.NOW.date(), "valid_until": None}
    campaign_rules.check_basis(**basis, **dates, today=cast.NOW.date())
    for name in basis:
        with refused("basis.incomplete"):
            campaign_rules.check_basis(**(basis | {name: ""}), **dates, today=cast.NOW.date())
    assert Calendar.under_way() == []
