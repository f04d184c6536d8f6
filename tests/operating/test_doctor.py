"""What the doctor finds: each thing that can be wrong is made wrong, and a house that is well has no finding."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import translation
from tests.cast import booth as cast_booth
from tests.cast import district as cast
from tests.living.homes import ROOT

from zhengyou.base.models import Job, JournalEntry
from zhengyou.boxes import actions as box_actions
from zhengyou.boxes import queries as box_queries
from zhengyou.counting import actions as counting_actions
from zhengyou.counting import queries as counting_queries
from zhengyou.operating import findings, looking, product
from zhengyou.operating.findings import Place, RecordSeen
from zhengyou.operating.proxies import about_proxy
from zhengyou.polls import actions as poll_actions
from zhengyou.polls.models import Poll
from zhengyou.standings.actions import JUDGE
from zhengyou.web.shared import clock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DOCUMENTED = (ROOT / "packaging/nginx/zhengyou.conf").read_text()
CADDY = "{\n  log {\n    output discard\n  }\n}\nyour.name {\n  reverse_proxy 127.0.0.1:8000\n}\n"


def slugs(found: list[findings.Finding]) -> list[str]:
    for finding in found:
        for language in ("en", "zh-hans"):
            with translation.override(language):
                assert "%" not in str(finding.what)
                assert str(finding.advice)
    return [finding.slug for finding in found]


@pytest.mark.parametrize("text", [DOCUMENTED, CADDY, (ROOT / "packaging/caddy/Caddyfile").read_text()])
def test_the_documented_proxy_is_well(text: str) -> None:
    assert about_proxy(text) == []


@pytest.mark.parametrize(
    ("documented", "instead", "slug"),
    [
        ("'$status $request_method", "'$remote_addr $status $request_method", "proxy.log-tells-who"),
        ("'$status $request_method", "'$time_local $status $request_method", "proxy.log-tells-who"),
        ("'$status $request_method", "'$http_true_client_ip $status $request_method", "proxy.log-tells-who"),
        ("'$status $request_method $uri", "'$status $request_method $request_uri", "proxy.log-tells-who"),
        ("'$status $request_method", "'${ssl_session_id} $status $request_method", "proxy.log-tells-who"),
        ("/var/log/nginx/zhengyou.log", "syslog:server=unix:/dev/log", "proxy.log-tells-who"),
        ("https://$server_name$request_uri", "https://$host$request_uri", "proxy.leads-away"),
        ("without_people if=$is_told", "combined if=$is_told", "proxy.log-tells-who"),
        (" without_people if=$is_told", " if=$is_told", "proxy.log-tells-who"),
        (" if=$is_told", "", "proxy.log-has-booth"),
        ("booth|issue", "issue", "proxy.log-has-booth"),
        ("error_log /dev/null emerg", "error_log /var/log/nginx/error.log", "proxy.error-log"),
        ("    error_log /dev/null emerg;\n", "", "proxy.error-log"),
        ("    access_log off;\n", "", "proxy.access-log-unset"),
        ("proxy_request_buffering off;", "", "proxy.keeps-bodies"),
        ("proxy_request_buffering off;", "# proxy_request_buffering off;", "proxy.keeps-bodies"),
        ("proxy_set_header X-Forwarded-Proto $scheme;", "", "proxy.no-scheme"),
        ("proxy_set_header Host $host;", "", "proxy.no-host"),
        ("proxy_pass", "root", "proxy.unknown"),
    ],
)
def test_each_line_of_the_documented_proxy_matters(documented: str, instead: str, slug: str) -> None:
    assert documented in DOCUMENTED
    assert slug in slugs(about_proxy(DOCUMENTED.replace(documented, instead)))


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        (CADDY.replace("reverse_proxy", "log\n  reverse_proxy"), "proxy.log-tells-who"),
        (CADDY.replace("  log {\n    output discard\n  }\n", ""), "proxy.error-log"),
    ],
)
def test_a_caddy_that_writes_people_down_is_told_of(text: str, slug: str) -> None:
    assert slugs(about_proxy(text)) == [slug]


@pytest.mark.parametrize(
    ("found", "slug"),
    [
        (findings.about_rights([Place("secrets", 0o40750, 0o700)]), "rights.too-open"),
        (findings.about_disk(400_000_000), "disk.nearly-full"),
        (findings.about_clock(NOW, NOW + timedelta(minutes=2), None), "clock.differs"),
        (findings.about_clock(NOW, NOW, NOW + timedelta(hours=1)), "clock.behind"),
        (findings.about_shape({"a.1", "a.2"}, {"a.1"}, 18), "data.newer"),
        (findings.about_shape({"a.1"}, {"a.1", "a.2"}, 18), "data.older"),
        (findings.about_shape({"a.1"}, {"a.1"}, 13), "server.too-old"),
        (findings.about_parts(["static/dist/booth.js"]), "parts.missing"),
        (findings.about_records([RecordSeen("k", "aa", "bb")], []), "record.another"),
        (findings.about_chain(wrong_entries=1, wrong_leaves=0), "entries.wrong"),
        (findings.about_chain(wrong_entries=0, wrong_leaves=1), "journal.wrong"),
        (findings.about_backup(NOW - timedelta(days=8), NOW), "backup.old"),
        (findings.about_backup(None, NOW), "backup.none"),
        (findings.about_database("no server"), "database.silent"),
    ],
)
def test_what_is_wrong_is_found_by_its_slug(found: list[findings.Finding], slug: str) -> None:
    assert slugs(found) == [slug]


def test_what_is_well_is_not_found() -> None:
    assert findings.about_rights([Place("polls", 0o40711, 0o711), Place("key", 0o100400, 0o600)]) == []
    assert findings.about_disk(3_000_000_000) == []
    assert findings.about_clock(NOW, NOW, NOW) == []
    assert findings.about_shape({"a.1"}, {"a.1"}, 14) == []
    assert findings.about_records([RecordSeen("k", "aa", "aa")], []) == []
    assert findings.about_backup(NOW - timedelta(days=6), NOW) == []


@pytest.mark.parametrize(
    ("given", "slug"),
    [
        ({"debug": True}, "settings.debug"),
        ({"hosts": ["your.name"], "https": False}, "settings.no-https"),
        ({"hosts": ["*"]}, "settings.any-host"),
        ({"behind_proxy": False}, "settings.proxy-unannounced"),
    ],
)
def test_settings_that_let_somebody_in(given: dict, slug: str) -> None:
    well = {"hosts": ["your.name"], "local": ["localhost"], "https": True, "behind_proxy": True, "debug": False}
    assert findings.about_settings(**well) == []
    assert slugs(findings.about_settings(**well | given)) == [slug]


@pytest.mark.django_db
class TestInside:
    """What the database knows, in a real house."""

    @pytest.fixture
    def poll(self) -> Poll:
        self.district = cast.small_district(members_a_village=2)
        return cast_booth.opened_now(self.district, cast_booth.small_cycle(self.district), [self.district.members[:6]])

    def look(self) -> list[str]:
        return slugs(looking.inside_the_house(at=clock.now()))

    def close(self, poll: Poll) -> Poll:
        at = poll.closes_at + cast_booth.HOUR
        counting_actions.ask_to_close(poll=poll, at=at, by=self.district.office)
        return counting_actions.close_poll(poll=poll, at=at, by=self.district.second_office, judge=JUDGE)

    def test_a_house_with_an_open_poll_is_well(self, poll) -> None:
        assert self.look() == []

    def test_an_open_poll_without_its_box(self, poll) -> None:
        box_actions.destroy_box(poll=poll.key)
        assert self.look() == ["poll.no-box"]
        poll_actions.watch_house(at=clock.now())
        assert self.look() == ["poll.only-void"]

    def test_a_box_that_waits_for_its_destruction_and_one_that_nobody_knows(self, poll) -> None:
        Poll.objects.update(state=Poll.State.VOIDED, void_reason="x")
        assert self.look() == ["poll.box-left"]
        poll_actions.destroy_boxes_left()
        box_actions.make_box(poll=uuid4(), entries=[], house=box_queries.watermark_of_house())
        assert self.look() == ["poll.unknown-box"]

    def test_records_beside_their_rows(self, poll) -> None:
        closed = self.close(poll)
        journal_ahead = JournalEntry.objects.filter(at__gt=clock.now())
        assert journal_ahead.exists(), "the close was made in the future"
        look = looking._records
        assert look(NOW) == []
        counts = counting_queries.record_path(closed, "counts.json")
        counts.write_bytes(counts.read_bytes() + b" ")
        assert slugs(look(NOW)) == ["record.changed"]
        counting_queries.record_path(closed, "record.sig").unlink()
        assert slugs(look(NOW)) == ["record.missing"]

    def test_a_record_that_the_house_does_not_know(self, poll) -> None:
        self.close(poll)
        Poll.objects.update(state=Poll.State.OPENED)
        assert slugs(looking._records(NOW)) == ["record.unknown"]

    def test_a_deed_in_the_future_and_a_job_that_waits(self, poll) -> None:
        JournalEntry.objects.filter(pk=JournalEntry.objects.first().pk).update(at=clock.now() + timedelta(days=1))
        Job.objects.create(kind="x", about="poll:1", asked_at=clock.now() - timedelta(minutes=5))
        assert self.look() == ["clock.behind", "journal.wrong", "jobs.stranded"]

    def test_the_command_says_it_in_both_languages_and_for_programs(self, poll, tmp_path, capsys) -> None:
        box_actions.destroy_box(poll=poll.key)
        proxy = tmp_path / "nginx.conf"
        proxy.write_text(DOCUMENTED.replace(" if=$is_told", ""))
        for language, word in (("en", "WRONG"), ("zh", "有问题")):
            with pytest.raises(SystemExit) as ended:
                call_command("doctor", proxy=[proxy], lang=language)
            assert ended.value.code == 1
            said = capsys.readouterr().out
            assert word in said
            assert str(poll.key) in said
            assert any(name in said for name in poll.name.values())
        with pytest.raises(SystemExit):
            call_command("doctor", proxy=[proxy], json=True, lang="en")
        found = {row["slug"]: row["severity"] for row in json.loads(capsys.readouterr().out)}
        assert {"poll.no-box", "proxy.log-has-booth"} <= {
            slug for slug, severity in found.items() if severity == "wrong"
        }
        assert found["backup.none"] == "look"


def test_every_part_that_is_looked_for_is_one_that_is_built() -> None:
    built = {path.name for path in (ROOT / "src/zhengyou/static/dist").glob("*.js")}
    assert {Path(name).name for name in product.BUILT if name.endswith(".js")} == built
