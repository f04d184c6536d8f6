"""What the finished page is given: Chinese that says so, names of files with a mark, HEAD, and 304 for what has not changed."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from tests.cast.district import small_district
from tests.web.test_hostile_addresses import addresses

from zhengyou.identity.models import Account
from zhengyou.organisations.models import Organisation
from zhengyou.web.shared.marking import MarkingMiddleware, marked
from zhengyou.web.shared.readings import reading, short_reading
from zhengyou.web.shared.spacing import closed_up

ENGLISH = {"accept-language": "en"}
NAME = '<span lang="zh-Hans">红石村</span>'


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<p>Promises of 红石村.</p>", f"<p>Promises of {NAME}.</p>"),
        ("<p>甲、乙 3 and 丙</p>", '<p><span lang="zh-Hans">甲、乙</span> 3 and <span lang="zh-Hans">丙</span></p>'),
        ("<p>“红石村”</p>", '<p><span lang="zh-Hans">“红石村”</span></p>'),
        ('<a lang="zh-Hans">中文</a>', '<a lang="zh-Hans">中文</a>'),
        (
            "<select><option value=1>红石村</option></select>",
            '<select><option value=1 lang="zh-Hans">红石村 (Hóngshí Cūn)</option></select>',
        ),
        ('<text x="1">红石村</text>', '<text x="1" lang="zh-Hans">红石村</text>'),
        ('<input value="红石村">', '<input value="红石村">'),
        ("<script>'红石村'</script><p>a</p>", "<script>'红石村'</script><p>a</p>"),
        ("<textarea>红石村</textarea>", "<textarea>红石村</textarea>"),
        ("<title>红石村</title>", "<title>红石村</title>"),
        ("<p>A &lt;b&gt; 红石村</p>", f"<p>A &lt;b&gt; {NAME}</p>"),
        ("<p>Nothing — “here”</p>", "<p>Nothing — “here”</p>"),
    ],
)
def test_chinese_is_marked_where_it_stands_and_nothing_else_is_touched(written, said):
    assert marked(written) == said


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("<p>党支部：\n  计划</p>", "<p>党支部：计划</p>"),
        ("<strong>党支部</strong>： \n <a href='/a/'>计划</a>", "<strong>党支部</strong>：<a href='/a/'>计划</a>"),
        ("<p>共同\n  承诺</p>", "<p>共同承诺</p>"),
        ("<p>已隐藏： 广告。 <em>完</em></p>", "<p>已隐藏：广告。<em>完</em></p>"),
        ("<b>承诺</b>\n  ，已兑现", "<b>承诺</b>，已兑现"),
        ("<a>一村</a>\n <a>二村</a>", "<a>一村</a>\n <a>二村</a>"),
        ("<td>承诺</td>\n<td>计划</td>", "<td>承诺</td>\n<td>计划</td>"),
        ("<p>第一 第二</p>", "<p>第一 第二</p>"),
        ("<textarea>一，\n二</textarea>", "<textarea>一，\n二</textarea>"),
        ('<div class="report-words">一，\n二</div>', '<div class="report-words">一，\n二</div>'),
        ("<pre>一，\n二</pre>，\n三", "<pre>一，\n二</pre>，三"),
        ("<p>A,\n b</p>", "<p>A,\n b</p>"),
        ("<label>照片\n   <small>（选填）</small>", "<label>照片<small>（选填）</small>"),
        ("<label>URL <small>（选填）</small>", "<label>URL<small>（选填）</small>"),
    ],
)
def test_a_line_of_a_template_leaves_no_blank_in_chinese(written, sent):
    assert closed_up(written) == sent


@pytest.mark.django_db
def test_no_page_in_chinese_has_a_blank_after_a_full_width_sign(settings):
    """Of what is seen: whatever kind of page, office and desk as well."""
    place = settings.MIDDLEWARE.index("zhengyou.web.shared.languages.LanguageMiddleware")
    settings.MIDDLEWARE.insert(place, f"{MarkingMiddleware.__module__}.MarkingMiddleware")
    district = small_district()
    office = Client()
    office.force_login(Account.objects.get(person=district.office))
    found = {}
    for address in dict.fromkeys(addresses({"code": district.villages[0].code}, 0)):
        got = office.get(address, headers={"accept-language": "zh"})
        if got.streaming or not got.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen = re.sub(r"<(script|style|textarea|title|pre|svg)\b.*?</\1>", "|", got.content.decode(), flags=re.DOTALL)
        seen = re.sub(r"<(?!/?(?:a|b|bdi|em|small|span|strong)\b)[^<>]*>", "|", seen)
        seen = re.sub(r"<[^<>]*>", "", seen)
        if blanks := re.findall(r"[^|]{0,12}[，。、；：？！（]\s+[^\s|]", seen):
            found[address] = blanks
    assert found == {}


def test_a_link_to_a_unit_says_how_its_name_is_read():
    page = marked('<a href="/organisations/001/">红石村</a> <a href="/organisations/001/promises/1/">修路</a>')
    assert page.startswith(
        f'<a href="/organisations/001/">{NAME}<small class="pinyin" lang="zh-Latn"> Hóngshí Cūn</small></a>'
    )
    assert page.count("pinyin") == 1


def test_a_link_that_says_more_than_a_name_is_read_as_no_name():
    page = marked('<a href="/organisations/001/">See what 红石村 promises, and say how it is going</a>')
    assert page == f'<a href="/organisations/001/">See what {NAME} promises, and say how it is going</a>'


def test_a_name_is_read_once_a_page_and_within_a_sentence_in_short():
    link, named = '<a href="/organisations/001/">红石村</a>', '<a class="quiet" href="/organisations/001/">红石村</a>'
    page = marked(f"<p>{named} is higher.</p><th>{link}</th><th>{link}</th>")
    assert page.count("pinyin") == 2
    assert (
        page.index("> Hóngshí</small>")
        < page.index("is higher")
        < page.index("> Hóngshí Cūn</small>")
        < page.rindex("<th>")
    )
    assert marked(f"<p>{named} is higher. {named} is not.</p>").count("pinyin") == 1
    assert marked(f"<th>{link}</th>").count("pinyin") == 1


def test_a_name_that_leads_nowhere_is_read_where_its_template_says_so():
    page = marked(
        '<summary data-read>红石村</summary><strong lang="zh-Hans" data-read>红石村</strong><li><b>红石村</b></li>'
    )
    assert page.startswith(
        f'<summary data-read>{NAME}<small class="pinyin" lang="zh-Latn"> Hóngshí Cūn</small></summary>'
    )
    assert page.count("pinyin") == 1


def test_a_line_of_what_is_due_says_in_short_how_its_unit_is_read():
    line = '<li><a href="/desk/cases/">Report</a><span class="for">红石村</span></li>'
    read = f'<span class="for">{NAME}<small class="pinyin" lang="zh-Latn"> Hóngshí</small></span></li>'
    assert marked(line * 2).count(read) == 2
    assert "pinyin" not in marked('<span class="for">红石村 · Members</span>')


def test_a_path_is_read_in_short_in_every_row():
    step = '<span lang="zh-Hans" data-read="short">红石村</span>'
    page = marked(f"<li>{step} › {step}</li><li>{step}</li>")
    assert [part.count('<small class="pinyin" lang="zh-Latn"> Hóngshí</small>') for part in page.split("</li>")] == [
        1,
        1,
        0,
    ]


def test_in_a_table_every_row_has_the_pinyin_though_it_stands_above_already():
    link, above = '<a href="/organisations/001/">红石村</a>', '<a href="/organisations/001/#promises">红石村</a>'
    rows = f"<tr><th>{link}</th></tr>" * 2
    page = marked(f"<p>{above}</p><table>{rows}</table>红石村<p>{link}</p>")
    assert [part.count("pinyin") for part in page.split("</tr>")] == [2, 1, 0]
    assert f"</table>{NAME}<p>" in page
    assert "pinyin" in marked('<a href="/desk/reviews/001/">红石村</a>')


def test_every_item_of_a_list_has_the_pinyin_whatever_stood_before():
    link = '<a href="/organisations/001/?cycle=2">红石村</a>'
    page = marked(f"<h2>{link}</h2><ul><li>{link} and again {link}</li><li>{link}</li></ul>")
    assert [part.count("pinyin") for part in page.split("</li>")] == [2, 1, 0]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("陈甲午", "Chén Jiǎwǔ"),
        ("单小平", "Shàn Xiǎopíng"),
        ("仇和", "Qiú Hé"),
        ("解放军", "Xiè Fàngjūn"),
        ("曾国平", "Zēng Guópíng"),
        ("查良镛", "Zhā Liángyōng"),
        ("欧阳海", "Ōuyáng Hǎi"),
        ("尉迟平安", "Yùchí Píng’ān"),
    ],
)
def test_a_person_is_read_surname_first_in_every_row(name, read):
    said = f'<small class="pinyin" lang="zh-Latn"> {read}</small>'
    page = marked(f"<tr><td>{name}</td></tr><tr><td>by {name}, {name}</td></tr><p><bdi lang='zh-Hans'>{name}</bdi></p>")
    assert [part.count(said) for part in page.split("</tr>")] == [1, 1, 0]
    assert page.count("pinyin") == 2


@pytest.mark.parametrize(
    "text",
    [
        "党员",
        "方案",
        "计划",
        "高沙镇",
        "石桥村",
        "组长",
        "陈",
        "于是大家",
        "区领导",
        "区财政",
        "代码",
        "国企",
        "党主任",
    ],
)
def test_what_is_no_person_is_read_as_none(text):
    assert "pinyin" not in marked(f"<td>{text}</td>")


@pytest.mark.django_db
def test_only_pages_in_english_are_marked(client, settings):
    small_district()
    place = settings.MIDDLEWARE.index("zhengyou.web.shared.languages.LanguageMiddleware")
    settings.MIDDLEWARE.insert(place, f"{MarkingMiddleware.__module__}.MarkingMiddleware")
    english = client.get("/organisations/", headers=ENGLISH).content.decode()
    assert "Cèshì Qūwěi" in english
    assert "pinyin" not in client.get("/organisations/", headers={"accept-language": "zh"}).content.decode()
    assert 'lang="zh-Hans"' in english


@pytest.mark.django_db
def test_a_page_for_everybody_is_not_sent_twice(client):
    first = client.get("/trust/", headers=ENGLISH)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    again = client.get("/trust/", headers=ENGLISH | {"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    chinese = client.get("/trust/", headers={"accept-language": "zh", "if-none-match": first.headers["ETag"]})
    assert chinese.status_code == 200


@pytest.mark.django_db
def test_a_page_of_somebody_is_always_sent(client):
    district = small_district()
    client.force_login(Account.objects.get(person=district.office))
    for address in ("/office/", "/trust/"):
        answer = client.get(address)
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.django_db
def test_a_file_for_somebody_alone_is_not_kept_by_their_browser(client):
    district = small_district()
    client.force_login(Account.objects.get(person=district.office))
    file = client.get("/office/organisations/?as=csv")
    assert not file.headers["Content-Type"].startswith("text/html")
    assert file.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_head_is_answered_everywhere_as_get_is_and_without_a_body():
    district = small_district()
    office = Client()
    office.force_login(Account.objects.get(person=district.office))
    different = {}
    for address in dict.fromkeys(addresses({"code": district.villages[0].code}, 0)):
        got = office.get(address)
        body = b"".join(got.streaming_content) if got.streaming else got.content
        head = office.head(address)
        same = (head.status_code, head.headers.get("Content-Type")) == (
            got.status_code,
            got.headers.get("Content-Type"),
        )
        if not same or head.content:
            different[address] = (got.status_code, head.status_code, len(body))
    assert different == {}


@pytest.mark.django_db
def test_files_are_kept_for_good_under_the_mark_of_their_content(client):
    page = client.get("/trust/").content.decode()
    marks = re.findall(r'(/static/[\w./-]+?)\.([0-9a-f]{12})(\.\w+)"', page)
    assert {name for name, _mark, _ending in marks} >= {"/static/zhengyou", "/static/dist/pico.min", "/static/seal"}
    for name, mark, ending in marks:
        kept, plain, old = (client.get(name + part + ending) for part in (f".{mark}", "", ".0123456789ab"))
        assert "immutable" in kept.headers["Cache-Control"]
        assert "immutable" not in plain.headers["Cache-Control"]
        bodies = [b"".join(answer.streaming_content) for answer in (kept, plain, old)]
        assert bodies[0] == bodies[1] == bodies[2]
        assert "immutable" not in old.headers["Cache-Control"]
    assert client.get("/static/no-such.0123456789ab.css").status_code == 404


@pytest.mark.django_db
def test_what_every_site_is_asked_for(client):
    assert client.get("/favicon.ico").status_code == 301
    robots = client.get("/robots.txt").content.decode()
    assert f"Disallow: {reverse('desk-home')}" in robots
    assert django_settings.STATIC_URL not in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


@pytest.mark.django_db
def test_a_map_for_search_engines_has_the_lists_and_the_units_and_no_person(client):
    small_district()
    answer = client.get("/sitemap.xml")
    assert answer.headers["Content-Type"].startswith("application/xml")
    found = [one.text or "" for one in ElementTree.fromstring(answer.content).iter() if one.tag.endswith("loc")]
    units = [one for one in found if "/organisations/0" in one]
    assert len(units) == Organisation.objects.filter(ended_on=None).count()
    assert "http://testserver/trust/" in found
    assert not [one for one in found if "/honours/" in one and not one.endswith("/honours/")]
    for one in {*found} - {*units[1:]}:
        assert client.get(one.removeprefix("http://testserver")).status_code == 200, one


@pytest.mark.django_db
def test_whoever_found_a_weakness_is_told_whom_to_write_to(client):
    told = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: http://testserver/help/\n" in told
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT00:00:00Z$", told, re.MULTILINE)


@pytest.mark.django_db
def test_a_shared_page_has_a_title_a_sentence_and_a_picture(client):
    district = small_district()
    page = client.get(reverse("public-organisation", args=[district.villages[0].code])).content.decode()
    said = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page))
    assert district.villages[0].name in said["title"]
    assert len(said["description"]) > 20
    picture = client.get(said["image"].removeprefix("http://testserver"))
    assert (picture.headers["Content-Type"], next(iter(picture.streaming_content))[1:4]) == ("image/png", b"PNG")
    picture.close()


@pytest.mark.parametrize(
    ("name", "whole", "short"),
    [
        ("红石石桥村党支部", "Hóngshí Shíqiáo Cūn Dǎng Zhībù", "Hóngshí Shíqiáo"),
        ("中共红石镇委员会", "Zhōnggòng Hóngshí Zhèn Wěiyuánhuì", "Hóngshí"),
        ("西安路社区", "Xī’ānlù Shèqū", "Xī’ānlù"),
        ("村", "Cūn", "Cūn"),
        ("Third branch", "Third branch", ""),
    ],
)
def test_a_name_is_written_in_words_and_in_short_without_its_kind(name, whole, short):
    assert (reading(name), short_reading(name)) == (whole, short)


def test_brackets_around_words_belong_to_the_sentence_so_that_chinese_has_its_own():
    templates = Path(__file__).resolve().parents[2] / "src" / "zhengyou" / "templates"
    assert [path.name for path in templates.rglob("*.html") if re.search(r"\(\{% translate", path.read_text())] == []
