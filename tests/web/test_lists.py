"""Every list page: as many queries for three rows as for one, search, filters, order, pages, and files without formulas."""

import io
import re
import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook
from tests.cast import booth as cast_booth
from tests.cast.awards import filed_objection, published_notice, selection_of
from tests.cast.cases import two_readers
from tests.cast.commitments import promises_of, published_commitment
from tests.cast.district import NOW, launched_cycle, small_district
from tests.cast.leading import adopted
from tests.cast.plans import published_plan
from tests.cast.windows import FAIR, marked, opened
from tests.rooms.organisations.lists import xlsx

from zhengyou.awards import actions as awards
from zhengyou.awards.models import Selection
from zhengyou.cases import actions as cases
from zhengyou.commitments import actions as commitments
from zhengyou.identity.models import Account
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import ImportDraft, Organisation, Person, Post, Responsibility
from zhengyou.standings import actions as standings
from zhengyou.standings.rules import Published
from zhengyou.vows import actions as vows
from zhengyou.vows.models import VowText
from zhengyou.web.shared import clock
from zhengyou.web.shared.day_words import day_in_words
from zhengyou.web.shared.narrowing import page_of

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
NO_SUCH_PAGE = "The page of the list that you asked for does not exist."
DECISION = {"decision_number": "测发〔2026〕9号", "deciding_body": "测试区委", "reasons": "公示期满，研究决定。"}


def noon(days_ago=0):
    """Noon, local time, that many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(4), tzinfo=UTC)


@pytest.fixture
def district(db):
    return small_district(at=noon(70))


@pytest.fixture
def cycle(district):
    return launched_cycle(district, at=noon(60))


@pytest.fixture
def office(client, district):
    client.force_login(Account.objects.get(person=district.office))
    return client


def notices(district, cycle, rows, at=None):
    for n in range(rows):
        published_notice(district, cycle, at=at or noon(1), title=f"称号{n}")


def honours(district, cycle, rows):
    for n in range(rows):
        notice = published_notice(district, cycle, at=noon(50), title=f"称号{n}")
        selection = selection_of(notice)
        awards.record_commendation(selection=selection, at=noon(20), by=district.office, **DECISION)


def objections(district, cycle, rows):
    notice = published_notice(district, cycle, at=noon(1))
    for n in range(rows):
        filed_objection(notice, at=clock.now(), ticket=f"{n:032d}")


def posts(district, cycle, rows):
    for member in district.members[:rows]:
        organisations.appoint(
            person=member,
            organisation=district.town,
            role=Post.Role.SCRUTINEER,
            title="",
            from_on=NOW.date(),
            at=NOW,
            by=district.office,
        )


def imports(district, cycle, rows):
    for n in range(rows):
        data = xlsx(("表", [["组织名称", "组织代码"], ["某村党支部", f"9{n}"]]))
        organisations.draft_import(
            what=ImportDraft.What.ORGANISATIONS, data=data, file_name=f"名册{n}.xlsx", at=noon(), by=district.office
        )


def unanswered(district, cycle, rows):
    Responsibility.objects.filter(organisation__in=district.villages[:rows]).delete()


def villages(district, cycle, rows):
    for n in range(rows):
        organisations.add_organisation(
            code=f"9{n}",
            name=f"=新{n}村",
            kind="branch",
            sector="rural",
            parent=district.town,
            at=noon(),
            by=district.office,
        )


def promises(district, cycle, rows):
    for village in district.villages[:rows]:
        published_commitment(district, cycle, village, at=noon(50))


def answers(district, cycle, rows):
    [promise, *_rest] = promises_of(published_commitment(district, cycle, district.villages[0], at=noon(50)))
    for n in range(rows):
        commitments.answer_promise(promise=promise, mark="on_course", words=f"=第{n}句", arrival=None, at=noon())


def figures(district, cycle, rows):
    for n in range(rows):
        figure = Published(name=f"外区{n}", mean=8.0 + n / 10, standard_error=1.5, count=None, source="公报")
        standings.enter_outside_figure(cycle=cycle, figure=figure, at=noon(), by=district.office)


def appraisals(district, cycle, rows):
    for _number in range(rows):
        cast_booth.drafted_now(district, cycle, [])


def points(district, cycle, rows):
    for village in district.villages[:rows]:
        adopted(district, cycle.campaign, district.leader, village, at=noon(50))


def plans(district, cycle, rows):
    for village in district.villages[:rows]:
        published_plan(cycle, village, at=noon(20))


def windows(district, cycle, rows):
    for n in range(rows):
        opened(district, n, at=noon(50))


def odd_marks(district, cycle, rows):
    for n in range(rows):
        point = opened(district, n, at=noon(50))
        for _mark in range(21):
            marked(point, FAIR, at=noon(3))


def reports(district, cycle, rows):
    for n in range(rows):
        given = {"words": f"=第{n}件", "contact": "", "source": "report", "ticket": uuid.uuid4()}
        row = cases.receive_case(unit=district.town, kind="delay", at=noon(2), **given).case
        cases.assign_case(case=row, to=district.town, target_text=f"=第{n}件", at=noon(1), by=district.office)


def around(district, cycle, rows):
    reader = two_readers(district, at=noon(2))[0]
    district.leader = reader
    for n in range(rows):
        given = {"words": f"=第{n}件", "contact": "", "source": "report", "ticket": uuid.uuid4()}
        cases.receive_case(unit=district.town, kind="misconduct", at=noon(1), **given)


def in_hand(district, cycle, rows):
    reports(district, cycle, rows)
    organisations.appoint(
        person=district.leader, organisation=district.town, role=Post.Role.SECRETARY, title="",
        from_on=noon(2).date(), at=noon(2), by=None,
    )  # fmt: skip


def promised_themselves(district, cycle, rows):
    for member in district.members[:rows]:
        item = VowText("每周帮邻居买药", "登记卡有签名", cycle.ends_on)
        vows.hand_in_vow(cycle=cycle, items=[item], is_of_age=True, at=noon(50), by=member)


def colleagues(district, cycle, rows):
    for n in range(rows):
        Person.objects.create(number=f"C{n}", name=f"=同事{n}", name_key=f"tongshi{n}", organisation=district.root)


LISTS = {
    "desk-guarded": (around, 17),
    "desk-cases": (in_hand, 10),
    "public-windows": (windows, 3),
    "desk-windows": (windows, 7),
    "desk-window-flags": (odd_marks, 6),
    "office-windows": (windows, 9),
    "office-window-flags": (odd_marks, 6),
    "public-cases": (reports, 5),
    "office-cases": (reports, 17),
    "public-leading": (points, 8),
    "office-contact-points": (points, 17),
    "public-notices": (notices, 3),
    "public-honours": (honours, 3),
    "public-entries": (notices, 5),
    "office-selections": (notices, 6),
    "office-docket": (objections, 7),
    "office-posts": (posts, 8),
    "office-imports": (imports, 6),
    "office-responsible": (unanswered, 9),
    "office-tree": (villages, 8),
    "office-candidates": (notices, 8),
    "office-coverage": (promises, 11),
    "office-plans": (plans, 9),
    "office-plans-missing": (villages, 8),
    "office-remarks": (answers, 9),
    "office-outside": (figures, 7),
    "office-polls": (appraisals, 7),
    "desk-units-below": (promises, 12),
    "desk-vows": (promised_themselves, 13),
    "desk-vow-colleagues": (colleagues, 8),
}
OF_A_CAMPAIGN = {"public-leading", "office-contact-points"}
OF_A_CYCLE = {
    "office-cases",
    "office-coverage",
    "office-plans",
    "office-plans-missing",
    "office-remarks",
    "office-outside",
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_three_rows_as_for_one(office, district, cycle, name, rows, django_assert_num_queries):
    make, queries = LISTS[name]
    make(district, cycle, rows)
    of_one = [cycle.pk] if name in OF_A_CYCLE else [cycle.campaign_id] if name in OF_A_CAMPAIGN else []
    if name == "office-candidates":
        of_one = [Selection.objects.latest("pk").pk]
    if name == "desk-vows":
        of_one = [district.villages[0].code]
    address = reverse(name, args=of_one)
    if name.startswith("public"):
        office.logout()
    if name.startswith("desk"):
        office.force_login(Account.objects.get(person=district.leader))
    with django_assert_num_queries(queries):
        page = office.get(address, **ENGLISH)
    assert page.status_code == 200
    assert page.context["page"].paginator.count >= (rows if name != "office-candidates" else 2)
    for kind in ("csv", "xlsx"):
        assert f"as={kind}" in page.content.decode()
        assert office.get(address, {"as": kind})["Content-Disposition"].endswith(f'.{kind}"')
    if rows == 1:
        check_choices(office, address, page.content.decode())
        assert NO_SUCH_PAGE not in page.content.decode()
        assert f"{NO_SUCH_PAGE} This is page 1 of 1." in office.get(address, {"page": 99}, **ENGLISH).content.decode()


def check_choices(client, address, page):
    """Every choice and every order that a list offers is answered."""
    choices = {link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]+)"', page)}
    for select in re.findall(r"<select\b[^>]* name=.*?</select>", page, re.DOTALL):
        name = re.search(r'name="(\w+)"', select)[1]
        choices |= {f"?{name}={value}" for value in re.findall(r'<option value="([^"]*)"', select)[:4]}
    answers = {choice: client.get(address + choice).status_code for choice in choices if "as=" not in choice}
    assert {choice: code for choice, code in answers.items() if code != 200} == {}
    counted = counts_on(page)
    for choice in counted[1:]:
        check_counts(client, address, choice)


def counts_on(page):
    """The choices that say how many rows they leave, with that number."""
    told = re.findall(
        r'<a href="(\?[^"]*)"[^>]*>\s*[^<]*?\s(\d+)\s*</a>',
        "".join(re.findall(r'<nav class="only".*?</nav>', page, re.DOTALL)),
    )
    return [(link.replace("&amp;", "&"), int(n)) for link, n in told]


def check_counts(client, address, choice):
    """Whatever is chosen of one filter, each number beside a choice of another is that of the rows to which it leads."""
    link, _n = choice
    there = client.get(address + link, **ENGLISH)
    for other, n in counts_on(there.content.decode()):
        assert client.get(address + other, **ENGLISH).context["page"].paginator.count == n, (link, other)


def names_on(page):
    """The first column of the rows of a page."""
    return re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]*)', page.content.decode())


def csv_of(answer):
    assert answer["Content-Disposition"].startswith("attachment")
    return answer.content.decode("utf-8-sig").splitlines()


def test_a_search_finds_each_word_at_any_of_its_paths(office, district):
    page = reverse("office-posts")
    assert "丁书记" in names_on(office.get(page, {"q": district.town.name}))  # with everybody below the town
    assert set(names_on(office.get(page, {"q": "dingshuji"}))) == {"丁书记"}
    assert names_on(office.get(page, {"q": f"{district.town.name} 丁书记"})) == ["丁书记"]
    nothing = office.get(page, {"q": "没有此人"}, **ENGLISH)
    assert names_on(nothing) == []
    assert "Nothing in this list matches." in nothing.content.decode()


def test_filters_stay_while_one_searches_orders_and_turns_pages(office, district):
    page = reverse("office-posts")
    everybody, leaders = office.get(page), office.get(page, {"post": "leader"}, **ENGLISH)
    assert names_on(leaders) == [district.leader.name]
    assert len(names_on(everybody)) > 5
    text = leaders.content.decode()
    assert '<input type="hidden" name="post" value="leader">' in text
    assert 'href="?post=leader&amp;order=person__name_key"' in text
    assert 'href="?post=leader&amp;as=xlsx"' in text
    assert names_on(office.get(page, {"post": "nonsense"})) == names_on(everybody)


def test_a_far_page_goes_on_where_the_page_before_it_ends(office, district):
    people = [
        Person(number=f"F{n:04d}", name="测试远", name_key="ceshiyuan", organisation=district.root) for n in range(620)
    ]
    Person.objects.bulk_create(people)
    address = reverse("office-people")
    shown = [
        re.findall(r"F\d{4}", office.get(address, {"order": "-number", "page": n}, **ENGLISH).content.decode())
        for n in range(10, 14)
    ]
    numbers = [int(number[1:]) for page in shown for number in dict.fromkeys(page)]
    assert numbers == list(range(numbers[0], -1, -1))
    assert numbers[0] > 120


@pytest.mark.parametrize("order", ["code", "-code"])
def test_rows_that_are_brought_by_their_ids_stand_on_each_page_in_the_order_of_the_list(district, rf, order):
    rows = Organisation.objects.order_by(order)
    every = [row.pk for row in rows]
    known = Organisation.objects.in_bulk()
    pages = [
        page_of(rf.get("/", {"page": n}), rows, 2, rows_of=lambda ids: [known[pk] for pk in ids])
        for n in range(1, (len(every) + 1) // 2 + 1)
    ]
    assert len(pages) > 2, "one of them is nearer to the end than to the beginning"
    assert [row.pk for page in pages for row in page] == every


def test_an_order_turns_when_it_is_asked_for_again_and_only_columns_can_be_ordered_by(office, district):
    page = reverse("office-posts")
    plain, forwards = names_on(office.get(page)), office.get(page, {"order": "person__number"})
    backwards = office.get(page, {"order": "-person__number"})
    assert names_on(forwards) == names_on(backwards)[::-1]
    assert 'aria-sort="ascending"' in forwards.content.decode()
    assert 'href="?order=-person__number"' in forwards.content.decode()
    assert names_on(office.get(page, {"order": "person__accounts__password"})) == plain


def test_rows_that_are_no_queryset_are_searched_filtered_counted_and_ordered_alike(office, district, cycle):
    promises(district, cycle, 2)
    page = reverse("office-coverage", args=[cycle.pk])
    waiting = office.get(page, {"missing": "promise"}, **ENGLISH)
    assert names_on(waiting) == [district.town.name, *[village.name for village in district.villages[2:]]]
    assert re.search(r'aria-current="page">\s*No published promise\s+3\s*</a>', waiting.content.decode())
    found = office.get(page, {"q": "1村"})
    assert names_on(found) == [district.villages[0].name]
    fewest = names_on(office.get(page, {"order": "promises"}))
    assert set(fewest[-2:]) == {village.name for village in district.villages[:2]}


def test_the_numbers_beside_one_filters_choices_follow_the_other_filters(office, district, cycle):
    promises(district, cycle, 2)
    office.force_login(Account.objects.get(person=district.leader))
    address = reverse("desk-units-below")
    counted = dict(counts_on(office.get(address, **ENGLISH).content.decode()))
    assert counted["?state=published"] == 2
    untold = office.get(address, {"concern": "unreported"}, **ENGLISH)
    narrowed = dict(counts_on(untold.content.decode()))
    assert narrowed["?concern=unreported&state=none"] == 0 < counted["?state=none"]
    assert narrowed["?concern=unreported&state=published"] == untold.context["page"].paginator.count
    assert narrowed["?concern=unreported"] == untold.context["page"].paginator.count
    assert narrowed["?concern=waiting"] == counted["?concern=waiting"]


def test_where_nothing_is_there_is_nothing_to_narrow_and_one_choice_is_none(office, district, cycle):
    """A list that begins with a part of its rows keeps its choices, and so does what somebody narrowed to nothing."""

    def choices(name, *parts, **asked):
        page = office.get(reverse(name, args=parts), asked, **ENGLISH).content.decode()
        return re.findall(r'<nav class="only" aria-label="([^"]+)"', page), page

    heads, page = choices("office-windows")
    assert heads == []
    assert '<div class="empty">' in page
    assert 'role="search"' not in page
    assert choices("office-windows", q="nothing")[0]
    assert "Cases" in choices("office-cases", cycle.pk)[0], "closed ones may be there"
    for head, row in re.findall(
        r'<nav class="only" aria-label="([^"]+)".*?>(.*?)</nav>', choices("office-posts")[1], re.S
    ):
        assert row.count("<a ") > 1, head


def test_where_a_unit_stands_is_written_downward_in_every_list(office, district, cycle):
    village = district.villages[0]
    below = organisations.add_organisation(
        code="X9", name="第九党小组", kind="group", sector="rural", parent=village, at=noon(1), by=None
    )
    organisations.appoint(
        person=district.members[0],
        organisation=below,
        role="secretary",
        title="",
        from_on=clock.today(),
        at=noon(),
        by=None,
    )
    way = f"{district.town.name} › {village.name}"
    for name, asked in (
        ("office-posts", {"q": "第九"}),
        ("office-responsible", {"q": "第九"}),
        ("office-tree", {"q": "第九"}),
    ):
        page = office.get(reverse(name), asked, **ENGLISH).content.decode()
        said = re.sub(r'<small class="pinyin".*?</small>|<[^>]+>', "", page)
        assert way in said, name


def test_a_file_has_all_that_is_shown_and_no_formula(office, district, cycle):
    answers(district, cycle, 60)
    page = reverse("office-remarks", args=[cycle.pk])
    assert len(names_on(office.get(page))) == 50
    head, *rows = csv_of(office.get(page, {"as": "csv", "page": 2}, **ENGLISH))
    assert head == "Number,About,Mark,Words,Photo,Times sent,Answer,State"
    assert len(rows) == 60
    assert all(row.split(",")[3].startswith("'=第") for row in rows)
    book = load_workbook(io.BytesIO(office.get(page, {"as": "xlsx", "q": "第7句"}, **ENGLISH).content))
    [_head, row] = book.active.iter_rows()
    assert [(cell.data_type, cell.value) for cell in row][2:4] == [("s", "going well"), ("s", "=第7句")]


def test_a_list_on_paper_says_of_which_day_it_is_and_words_have_room(office, district, cycle):
    answers(district, cycle, 1)
    page = office.get(reverse("office-remarks", args=[cycle.pk]), **ENGLISH).content.decode()
    with translation.override("en"):
        said = f'<span class="on-paper">· as of {day_in_words(clock.today())}</span>'
    assert page.count(said) == 1
    assert len(re.findall(r'<td[^>]* class="wide">', page)) == 3  # about what, the words, how they stand


def test_a_cell_that_a_template_draws_is_its_text_in_a_file(office, district, cycle):
    notices(district, cycle, 1)
    [_head, row] = csv_of(office.get(reverse("office-selections"), {"as": "csv"}, **ENGLISH))
    assert row.endswith(",notice running")


def test_the_tree_is_searched_by_the_room_and_indented_only_as_a_tree(office, district):
    page = reverse("office-tree")
    assert 'class="depth-1"' in office.get(page).content.decode()
    found = office.get(page, {"q": district.villages[0].name})
    assert names_on(found) == [district.villages[0].name]
    assert 'class="depth-' not in found.content.decode()
    assert district.town.name in found.content.decode()


def test_names_in_two_languages_are_found_in_either(office, district, cycle):
    appraisals(district, cycle, 1)
    page = reverse("office-polls")
    [name] = names_on(office.get(page, {"q": "Test appraisal"}))
    assert names_on(office.get(page, {"q": name})) == [name]
    assert names_on(office.get(page, {"q": "no such name"})) == []


def test_what_an_objection_says_is_not_searched(office, district, cycle):
    objections(district, cycle, 1)
    page = office.get(reverse("office-docket"), {"q": "路"})
    assert 'role="search"' not in page.content.decode()
    assert len(names_on(page)) == 1
