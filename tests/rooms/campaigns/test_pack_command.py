"""`zhengyou pack check | list | load`, and the other commands that take a pack."""

import io

import pytest
from django.core.management import CommandError, call_command

from zhengyou.__main__ import demo_pack
from zhengyou.campaigns import packs
from zhengyou.identity.models import Account
from zhengyou.management.demo.stories import STORIES
from zhengyou.organisations.models import Organisation, Person, Term


def said(*arguments):
    """What the command prints."""
    out = io.StringIO()
    call_command("pack", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def faulty(tmp_path):
    text = (packs.FOLDER / "excellence-light.toml").read_text(encoding="utf-8").replace("points = 7", "points = 70")
    path = tmp_path / "ours.toml"
    path.write_text(
        text.replace('id = "excellence-light"', 'id = "ours"').replace("[rules.notice]", "[rules.notise]"),
        encoding="utf-8",
    )
    return path


def test_check_names_every_fault_with_its_line_and_fails(faulty, capsys):
    out = io.StringIO()
    with pytest.raises(CommandError, match="has 2 faults"):
        call_command("pack", "--lang", "en", "check", str(faulty), stdout=out)
    assert "rules › grades › fairly-good › points: The points must fall" in out.getvalue()
    assert "Did you mean: notice?" in out.getvalue()
    assert out.getvalue().count("  line ") == 2


def test_check_speaks_chinese(faulty):
    out = io.StringIO()
    with pytest.raises(CommandError, match="有2处问题"):
        call_command("pack", "--lang", "zh", "check", str(faulty), stdout=out)
    assert "您是不是要写：notice" in out.getvalue()


@pytest.mark.parametrize("pack_id", packs.pack_ids())
def test_check_finds_nothing_in_ours(pack_id):
    assert "no faults" in said("--lang", "en", "check", str(packs.FOLDER / f"{pack_id}.toml"))


def test_list_marks_the_pack_of_the_house(db):
    said("load", "hospital")
    lines = said("--lang", "en", "list").splitlines()
    assert next(line.split()[1] for line in lines if line.startswith("* ")) == "hospital-appraisal"


def test_load_of_an_unknown_pack_says_which_there_are(db):
    with pytest.raises(CommandError, match="excellence-light"):
        said("load", "nothing")


def test_an_office_begins_with_the_root_and_the_words_of_its_pack(db):
    given = {"code": "H", "name": "总院", "person": "甲", "number": "1", "login": "office", "pack": "hospital"}
    call_command("create_office", **given, stdout=io.StringIO())
    assert Organisation.objects.get().kind == "hospital-group"
    assert Account.objects.get().is_handed_out  # whoever ran the command has seen it
    assert Term.objects.get(category="pack").slug == "hospital-appraisal"


@pytest.mark.parametrize(
    ("lang", "says"), [("zh-hans", ("密码： ", "启动网站：zhengyou serve")), ("en", ("Password: ", "zhengyou serve"))]
)
def test_an_office_begins_in_the_language_of_its_terminal(db, monkeypatch, lang, says):
    given = {"code": "H", "name": "总院", "person": "甲", "number": "1", "login": "office"}
    monkeypatch.setenv("LANGUAGE", {"zh-hans": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}[lang])
    call_command("create_office", **given, stdout=(told := io.StringIO()))
    assert all(words in told.getvalue() for words in says)
    with pytest.raises(CommandError, match="appoint_office") as again:
        call_command("create_office", **given, stdout=io.StringIO())
    assert ("系统里已有单位" in str(again.value)) == (lang == "zh-hans")


def test_an_office_that_names_no_pack_gets_the_light_one(db):
    given = {"code": "001", "name": "区", "person": "甲", "number": "1", "login": "office"}
    call_command("create_office", **given, stdout=io.StringIO())
    assert Term.objects.get(category="pack").slug == "excellence-light"


def test_no_office_begins_with_a_pack_with_faults(db, settings, faulty):
    settings.HOME = faulty.parent
    (faulty.parent / "packs").mkdir()
    faulty.rename(faulty.parent / "packs" / "ours.toml")
    given = {"code": "001", "name": "区", "person": "甲", "number": "1", "login": "office", "pack": "ours"}
    with pytest.raises(CommandError, match="2 faults"):
        call_command("create_office", **given, stdout=io.StringIO())
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "pack"),
    [
        ("demo", ""),
        ("demo --pack excellence-2010", ""),
        ("demo --pack hospital", "hospital-appraisal"),
        ("demo --fresh --pack=hospital-appraisal", "hospital-appraisal"),
        ("demo --pack nothing", ""),
    ],
)
def test_the_demo_of_another_pack_is_known_before_its_home_is_chosen(arguments, pack):
    assert demo_pack(["zhengyou", *arguments.split()]) == pack


def test_every_demo_is_of_a_pack_of_ours():
    assert set(STORIES) <= set(packs.pack_ids())
