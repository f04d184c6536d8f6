"""Scrutineers at their desk, everybody's own roll entry, the count report, and booths that answer in private only."""

import io
import json
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.cast import watchers

from blindballot.format.encoding import FormatError
from blindballot.format.manifest import read_manifest
from blindballot.format.rolls import check_entry
from blindballot.format.scrutineers import answer_challenge
from blindballot.verifying.verifier import verify
from zhengyou.base.journal import entries_about
from zhengyou.base.time import local_day
from zhengyou.base.words import day_said
from zhengyou.counting import queries as counting_queries
from zhengyou.identity.models import Account
from zhengyou.polls import actions as poll_actions
from zhengyou.polls import queries as poll_queries
from zhengyou.standings import actions as standings
from zhengyou.standings.computing import releasing
from zhengyou.standings.models import Result
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district():
    return cast.small_district(members_a_village=4)


@pytest.fixture
def opened(district):
    return cast_booth.opened_now(district, cast_booth.small_cycle(district), [district.members[:6]])


def signed_in(person):
    client = Client(**ENGLISH)
    client.force_login(Account.objects.get(person=person))
    return client


def voted(opened, district, voters=6):
    for number, code in enumerate(cast_booth.codes_for(opened, district.members[:voters])):
        cast_booth.vote(opened, "pool-1", code, lambda place, number=number: ["good", "fair"][number % 2])


def test_scrutineers_take_pass_recount_and_sign_at_their_desk(district, opened):
    one, two, three = cast.scrutineers(district)
    page, take = (reverse(name, args=[opened.key]) for name in ("desk-scrutiny", "desk-scrutiny-handover"))
    assert "nothing to recount before" in signed_in(one).post(take, follow=True).content.decode()
    home = signed_in(one).get(reverse("desk-home")).content.decode()
    assert f"open until {day_said(local_day(opened.closes_at))}, then you recount" in home
    voted(opened, district)
    closed = cast_booth.closed_now(opened, district)
    listed = " ".join(signed_in(one).get(reverse("desk-scrutiny-polls")).content.decode().split())
    slips = 6 * len(read_manifest(opened.manifest.encode()).lines)
    assert f"The record counts {slips} slips of 6 ballots." in listed
    for person in (district.office, district.leader, district.secretaries[2]):
        assert signed_in(person).post(take).status_code == 404
        assert signed_in(person).get(page).status_code == 404
    assert signed_in(one).get(take).headers["Location"] == page
    sheet = signed_in(one).get(page).content.decode()
    assert "Nobody has passed shares to you yet." in sheet
    assert f"scrutineer recount keys.json record-{opened.key} handover-{opened.key}.jsonl" in sheet
    data = b"".join(signed_in(one).post(take).streaming_content)
    assert data == counting_queries.handover_file(closed).read_bytes()
    taken = [entry for entry in entries_about(closed.reference) if entry.deed == "scrutiny.hand_over"]
    assert [entry.by for entry in taken] == [one.reference]
    record = Client(**ENGLISH).get(reverse("public-record", args=[opened.key])).content.decode()
    assert "Still to sign: 监票人1, 监票人2, 监票人3." in record
    assert "Choose your key file first" in signed_in(one).post(page, {"passed": " "}).content.decode()
    seen = watchers.word(closed, one)
    handed_in = {"passed": watchers.shares_to_pass(closed, one), "cosignature": seen}
    assert "Handed in." in signed_in(one).post(page, handed_in, follow=True).content.decode()
    left = signed_in(two).get(reverse("desk-scrutiny-passed", args=[opened.key])).content
    assert left.count(b"\n") == 1
    assert "Shares were passed to you by 监票人1." in signed_in(two).get(page).content.decode()
    signed_in(two).post(page, {"cosignature": watchers.recounted(closed, two)})
    assert "not a word on this record" in signed_in(three).post(page, {"cosignature": seen}).content.decode()
    signed_in(three).post(page, {"cosignature": watchers.word(closed, three, "disagrees", "少一票")})
    assert (
        "already signed" in signed_in(three).post(page, {"cosignature": watchers.word(closed, three)}).content.decode()
    )
    record = Client(**ENGLISH).get(reverse("public-record", args=[opened.key])).content.decode()
    assert "The scrutineer 监票人3 does not agree: 少一票" in " ".join(record.split())
    verdict = verify(counting_queries.record_folder(closed), processes=1)
    assert verdict.is_sound
    assert [(said.scrutineer, said.kind) for said in verdict.cosignatures] == [
        ("scrutineer-1", "seen"),
        ("scrutineer-2", "checked"),
        ("scrutineer-3", "disagrees"),
    ]
    with zipfile.ZipFile(counting_queries.packed_record(closed)) as packed:
        words = packed.read(f"record-{closed.key}/cosignatures.jsonl")
    assert words == (counting_queries.record_folder(closed) / "cosignatures.jsonl").read_bytes()


def test_keys_are_made_tried_and_changed_before_the_opening_only(district):
    poll = cast_booth.drafted_now(district, cast_booth.small_cycle(district), [district.members[:6]])
    one, two, _three = cast.scrutineers(district)
    for person in (one, two):
        poll_actions.dismiss_scrutineer(poll=poll, person=person, at=clock.now(), by=district.office)
        poll_actions.register_scrutineer(poll=poll, person=person, at=clock.now(), by=district.office)
    page, keys, answer, test = (
        reverse(f"desk-scrutiny{name}", args=[poll.key]) for name in ("", "-keys", "-answer", "-challenge")
    )
    client, card = signed_in(one), watchers.keys_of(one).card.to_bytes().decode()
    assert "Make and try your keys as a scrutineer" in client.get(reverse("desk-home")).content.decode()
    assert client.get(test).status_code == 404
    for wrong in ("", "{}", "[" * 3000, watchers.keys_of(one).to_file().decode()):
        said = client.post(keys, {"card": wrong}).content.decode()
        assert "not a scrutineer’s card" in said or "Please fill this in" in said
    assert "Now try them" in client.post(keys, {"card": card}, follow=True).content.decode()
    assert "Another scrutineer" in signed_in(two).post(keys, {"card": card}).content.decode()
    challenge = client.get(test).content
    assert challenge.decode() not in client.get(page).content.decode()
    assert "not the answer to this test" in client.post(answer, {"answer": challenge.decode()}).content.decode()
    wrong = answer_challenge(watchers.keys_of(one), challenge).decode().replace(str(poll.key)[:8], "00000000")
    assert "not the answer to this test" in client.post(answer, {"answer": wrong}).content.decode()
    right = answer_challenge(watchers.keys_of(one), challenge).decode()
    assert "Your keys work." in client.post(answer, {"answer": right}, follow=True).content.decode()
    assert "Make and try your keys" not in client.get(reverse("desk-home")).content.decode()
    assert client.post(keys, {"card": watchers.keys_of(two).card.to_bytes().decode()}).status_code == 302
    assert poll_queries.registration_of(poll, one).tried_at is None


def test_everybody_keeps_their_own_entry_and_nobody_elses(district, opened):
    cast_booth.vote(opened, "pool-1", cast_booth.codes_for(opened, district.members[:1])[0], lambda place: "good")
    mine = reverse("desk-roll-entry", args=[opened.key])
    assert signed_in(district.office).get(mine).status_code == 404
    manifest = read_manifest(opened.manifest.encode())
    page = reverse("booth-entry", args=[opened.key])
    (code,) = cast_booth.codes_for(opened, district.members[1:2])
    assert "No ballot was issued in your name." in Client(**ENGLISH).post(page, {"code": code}).content.decode()
    kept = Client().post(page, {"code": code, "keep": "1"}).content
    assert check_entry(manifest, kept) == ("pool-1", district.members[1].number)
    forged = json.loads(kept) | {"person": district.members[2].number}
    with pytest.raises(FormatError):
        check_entry(manifest, json.dumps(forged, sort_keys=True, separators=(",", ":")).encode())
    assert Client(**ENGLISH).post(page, {"code": "AAAA-AAAA-AAAA"}).status_code == 409


def test_booths_answer_by_https_or_on_this_machine_only(district, opened, settings):
    settings.ALLOWED_HOSTS = ["*"]
    (code,) = cast_booth.codes_for(opened, district.members[:1])
    body = cast_booth.keys_body(opened, code)

    def asked(name="booth-keys", **extra):
        answer = Client().post(
            reverse(name, args=[opened.key]), body, content_type="application/json", HTTP_ACCEPT_LANGUAGE="en", **extra
        )
        return answer.status_code, answer.json().get("reason")

    for name in ("booth-keys", "booth-issue", "booth-cast"):
        assert asked(name, HTTP_HOST="vote.example") == (409, "insecure")
    assert asked(HTTP_HOST="localhost:8000") == (200, None)
    assert asked(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR="1.2.3.4") == (409, "insecure")
    assert asked(HTTP_HOST="vote.example", secure=True) == (200, None)
    assert asked(HTTP_HOST="vote.example", HTTP_X_FORWARDED_PROTO="https") == (409, "insecure")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert asked(HTTP_HOST="vote.example", HTTP_X_FORWARDED_PROTO="https") == (200, None)


def test_the_count_report_tells_no_more_than_the_record(district, opened):
    assert Client().get(reverse("public-count-report", args=[opened.key])).status_code == 404
    voted(opened, district)
    cast_booth.closed_now(opened, district)
    text = Client(**ENGLISH).get(reverse("public-count-report", args=[opened.key])).content.decode()
    assert "监票人1, 监票人2" in text
    assert "甲办公, 乙办公" in text
    assert "middle" in text or "high" in text
    assert "(50.0 %)" not in text
    data = Client(**ENGLISH).get(reverse("public-count-report-workbook", args=[opened.key])).content
    cells = [cell.value for line in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0] for cell in line]
    assert 6 in cells
    assert not any(isinstance(value, str) and value.startswith("=") for value in cells)


def test_the_count_report_names_each_unit_once_and_the_workbook_in_each_row(district):
    people = district.members[:15]
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [people])
    voted(poll, district, 15)
    closed = cast_booth.closed_now(poll, district)
    standings.compute_result(poll=closed, at=closed.closes_at + timedelta(minutes=2), by=district.office)
    name, items = district.villages[0].name, [one["name"]["en"] for one in closed.cycle.rules["criteria"]]
    text = Client(**ENGLISH).get(reverse("public-count-report", args=[closed.key])).content.decode()
    head = f'<th scope="rowgroup" rowspan="2" data-read>{name}</th>'
    assert text.count(head) == text.count(name) == 1
    assert text.count('data-label="Score"') == 1
    assert all(text.count(f'<th scope="row" class="item">{item}</th>') == 1 for item in items)
    data = Client(**ENGLISH).get(reverse("public-count-report-workbook", args=[closed.key])).content
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == name]
    assert [row[2] for row in rows] == items
    assert [bool(row[1]) for row in rows] == [True, False]
    assert sheet.auto_filter.ref


def test_the_count_report_keeps_its_scores_when_a_correction_shows_no_figures(district):
    people = district.members[:15]
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district), [people])
    voted(poll, district, 15)
    closed = cast_booth.closed_now(poll, district)
    first = standings.compute_result(poll=closed, at=closed.closes_at + timedelta(minutes=2), by=district.office)
    report = reverse("public-count-report", args=[closed.key])
    before = re.findall(r'data-label="Score"[^>]*>\s*([\d.]+)', Client(**ENGLISH).get(report).content.decode())
    assert len(before) == 1
    document = releasing.correction(1, first.document, first.document)
    Result.objects.create(
        poll=closed,
        number=2,
        stored_document=document.to_json(),
        fingerprint="0" * 64,
        computed_at=closed.closes_at + timedelta(minutes=3),
        reason="重复计票",
    )
    after = re.findall(r'data-label="Score"[^>]*>\s*([\d.]+)', Client(**ENGLISH).get(report).content.decode())
    assert after == before


def test_a_unit_of_two_slips_has_one_band_on_every_page(district):
    """The default sheet takes two slips a unit: here one is middle by itself and the other low."""
    poll = cast_booth.opened_now(district, cast_booth.small_cycle(district, criteria=5), [district.members[:6]])
    manifest = json.loads(poll.manifest)
    unit = district.villages[0].code
    assert [line["unit"] for line in manifest["lines"]] == [unit, unit]
    worst = manifest["grades"][-1]["id"]
    for code in cast_booth.codes_for(poll, district.members[:6]):
        cast_booth.vote(poll, "pool-1", code, lambda place: ["good", worst][place])
    closed = cast_booth.closed_now(poll, district)
    lines = counting_queries.record_counts(closed)["pools"][0]["lines"]
    assert [line["band"] for line in lines] == ["low", "low"]
    report = Client(**ENGLISH).get(reverse("public-count-report", args=[closed.key])).content.decode()
    assert [report.count(f"<span>{band}</span>") for band in ("low", "middle", "high")] == [1, 0, 0]
    standings.compute_result(poll=closed, at=closed.closes_at + timedelta(minutes=2), by=district.office)
    pages = [reverse("public-organisation", args=[unit]), reverse("public-results", args=[closed.key])]
    for page in pages:
        text = Client(**ENGLISH).get(page).content.decode()
        assert re.findall(r"\b(low|middle|high)\s*</td>", text) == ["low"]
    assert verify(counting_queries.record_folder(closed), processes=1).is_sound
