"""Posts and accounts through the office's pages."""

import re
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import district as cast
from tests.cast.jobs import run_jobs
from tests.cast.refusing import refused

from zhengyou.base.models import Job, JournalEntry
from zhengyou.identity import actions as identity
from zhengyou.identity import queries
from zhengyou.identity.models import Account, AccountSession
from zhengyou.identity.rules import Place
from zhengyou.organisations import actions as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def district():
    return cast.small_district()


@pytest.fixture
def office(client, district):
    client.post(reverse("sign-in"), {"login": district.office.number, "password": cast.PASSWORD})
    return client


def test_a_member_gets_a_post_and_an_account_and_signs_in(office, district):
    member = district.members[0]
    given = {"person": member.number, "organisation": "001", "role": "campaign_office", "title": "干事"}
    given["from_on"] = timezone.localdate()
    assert office.post(reverse("office-posts"), given).status_code == 302
    assert "hand" in office.get(reverse("office-account", args=[member.pk]), **ENGLISH).content.decode()
    page = office.post(reverse("office-account", args=[member.pk])).content.decode()
    login, password = re.findall(r"<code>([^<]+)</code>", page)
    office.post(reverse("sign-out"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in login)
    typed = password.lower().replace("-", " ")  # from paper, on a phone, with a Chinese keyboard
    office.post(reverse("sign-in"), {"login": wide, "password": typed})
    forced = reverse("password")
    for page in ("office-home", "desk-home", "account"):  # nothing else opens before
        assert office.get(reverse(page)).headers["Location"] == forced
    for easy in (password, member.number * 3, "1234567890"):
        assert office.post(forced, {"new": easy, "again": easy}).status_code == 200
    own = "quite-another-secret"
    assert office.post(forced, {"new": own, "again": own}).headers["Location"] == reverse("office-home")
    assert office.get(reverse("office-home")).status_code == 200
    office.post(reverse("sign-out"))
    assert office.post(reverse("sign-in"), {"login": login, "password": own.upper()}).status_code == 200
    with refused("password.own-already"):
        identity.replace_handed_out_password(
            account=Account.objects.get(person=member), new="a-third-long-one", at=cast.NOW
        )


def test_a_new_password_says_first_that_the_login_becomes_the_number(office, district):
    page = reverse("office-account", args=[district.secretaries[0].pk])
    Account.objects.filter(person=district.secretaries[0]).update(login="by-hand")
    before = office.get(page, **ENGLISH).content.decode()
    assert f"The login changes too: from by-hand to {district.secretaries[0].number}." in before
    office.post(page)
    assert "The login changes too" not in office.get(page, **ENGLISH).content.decode()


def test_a_post_without_a_title_is_called_by_its_role(office, client, district):
    secretary = district.secretaries[0]
    Post.objects.filter(person=secretary).update(title="")
    assert "Secretary" in office.get(reverse("office-account", args=[secretary.pk]), **ENGLISH).content.decode()
    client.force_login(Account.objects.get(person=secretary))
    desk = client.get(reverse("desk-home"), **ENGLISH).content.decode()
    assert "<small>Secretary</small>" in desk


def test_a_post_given_again_says_what_it_changed(office, district):
    given = {"person": district.leader.number, "organisation": "001", "role": "leader", "from_on": "2025-06-01"}
    for title, said in (("书记", "are now what you wrote"), ("书记", "Nothing was changed")):
        page = office.post(reverse("office-posts"), given | {"title": title}, follow=True, **ENGLISH).content.decode()
        assert said in page
    post = Post.objects.get(person=district.leader)
    change = reverse("office-post-change", args=[post.pk])
    assert 'value="书记"' in office.get(change).content.decode()
    days = {"title": "第一书记", "from_on": "2024-01-01", "until_on": ""}
    assert office.post(change, days).headers["Location"] == reverse("office-posts")
    post.refresh_from_db()
    assert (post.title, str(post.from_on)) == ("第一书记", "2024-01-01")


def test_an_ended_post_ends_its_role(office, district):
    today = timezone.localdate()
    post = Post.objects.get(person=district.second_office)
    end = reverse("office-post-end", args=[post.pk])
    assert "End the post?" in office.get(end, **ENGLISH).content.decode()
    assert queries.is_office(district.second_office, today)  # it was only asked
    office.post(end, {"until_on": today})
    assert not queries.is_office(district.second_office, today)
    assert office.post(reverse("office-account", args=[district.second_office.pk])).status_code == 404
    again = office.post(end, {"until_on": today}, follow=True, **ENGLISH).content.decode()
    assert "ended already" in again


def test_who_ends_their_own_office_post_is_told_so_first_and_stands_at_the_desk_afterwards(office, district):
    end = reverse("office-post-end", args=[Post.objects.get(person=district.office).pk])
    page = office.get(end, **ENGLISH).content.decode()
    assert "It is your own post" in page
    assert "Closing an appraisal takes two." in page
    other = reverse("office-post-end", args=[Post.objects.get(person=district.leader).pk])
    page = office.get(other, **ENGLISH).content.decode()
    assert "It is your own post" not in page
    assert "Closing an appraisal" not in page
    answer = office.post(end, {"until_on": timezone.localdate()}, follow=True, **ENGLISH)
    assert answer.redirect_chain == [(reverse("desk-home"), 302)]
    assert answer.status_code == 200
    assert "ask somebody in the campaign office to undo it" in answer.content.decode()


def test_an_account_that_is_switched_off_opens_nothing_and_its_sessions_stay_ended(office, district, client):
    theirs, person = Client(), district.second_office
    theirs.post(reverse("sign-in"), {"login": person.number, "password": cast.PASSWORD})
    off = reverse("office-account-off", args=[person.pk])
    assert office.post(off, {"reason": " "}).status_code == 200
    office.post(off, {"reason": "岗位调整"})
    assert theirs.get(reverse("office-home")).status_code == 302
    assert theirs.post(reverse("sign-in"), {"login": person.number, "password": cast.PASSWORD}).status_code == 200
    page = office.post(reverse("office-account", args=[person.pk]), follow=True, **ENGLISH).content.decode()
    assert "Switch it on first" in page
    assert "岗位调整" in page
    office.post(reverse("office-account-on", args=[person.pk]))
    assert theirs.get(reverse("office-home")).status_code == 302
    assert theirs.post(reverse("sign-in"), {"login": person.number, "password": cast.PASSWORD}).status_code == 302
    own = office.post(reverse("office-account-off", args=[district.office.pk]), {"reason": "x"}, **ENGLISH)
    assert "your own account" in own.content.decode()


def test_where_one_is_signed_in_is_listed_and_ended_from_afar(client, district):
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36"})
    for one in (client, phone):
        one.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    page = client.get(reverse("account")).content.decode()
    assert "Chrome · Android" in page
    assert phone.session.session_key not in page
    [there] = re.findall(r'action="(/account/sessions/[0-9a-f]+/)"', page)
    assert client.post(there).status_code == 302
    assert (phone.get(reverse("desk-home")).status_code, client.get(reverse("desk-home")).status_code) == (302, 200)
    phone.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    client.post(reverse("account-elsewhere"))
    assert (phone.get(reverse("desk-home")).status_code, client.get(reverse("desk-home")).status_code) == (302, 200)


def test_two_places_of_one_browser_are_told_apart_by_when_they_end_and_ones_own_stands_first(client, district):
    agent = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/130"}
    clients = [Client(headers=agent) for _n in range(3)]
    for one in clients:
        one.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    for n, one in enumerate(clients):  # the one that looks is the oldest
        AccountSession.objects.filter(pk=one.session.session_key).update(
            expire_date=clock.now() + timedelta(hours=5 + n)
        )
    page = clients[0].get(reverse("account"), **ENGLISH).content.decode()
    rows = re.findall(r"<li>(.*?)</li>", page.partition('id="where"')[2].partition("</ul>")[0], re.DOTALL)
    assert [">here</span>" in row for row in rows] == [True, False, False]
    buttons = [re.search(r"<button[^>]*>(.*?)</button>", row, re.DOTALL)[1] for row in rows[1:]]
    assert all("Sign out there" in one for one in buttons)
    assert len({" ".join(one.split()) for one in buttons}) == 2
    assert reverse("account-elsewhere") in page


def test_phone_and_mail_are_the_post_holders_own_and_go_with_the_last_post(client, district):
    client.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    given = {"phone": "0101 555 7788", "mail": "c@example.org"}
    assert client.post(reverse("account"), given).status_code == 302
    assert "0101 555 7788" in client.get(reverse("account")).content.decode()
    at, post = timezone.now(), Post.objects.get(person=district.leader)
    office = Client()
    office.post(reverse("sign-in"), {"login": district.office.number, "password": cast.PASSWORD})
    assert "0101 555 7788" in office.get(reverse("office-account", args=[district.leader.pk])).content.decode()
    refusal = client.post(reverse("account"), {"phone": "42010619790111954X", "mail": ""}, **ENGLISH).content.decode()
    assert "looks like an ID-card number" in refusal
    assert "0101 555 7788" in client.get(reverse("account")).content.decode()
    public = office.get(reverse("public-organisation", args=["001"])).content.decode()
    listed = office.get(reverse("office-posts") + "?as=csv").content.decode()
    assert "7788" not in public + listed
    assert identity.forget_contacts(at=at) == 0
    organisations.end_post(post=post, until_on=at.date(), at=at, by=district.office)
    assert "7788" not in client.get(reverse("account")).content.decode()
    assert identity.forget_contacts(at=at) == 1
    with refused("contact.without-post"):
        identity.keep_contact(person=district.leader, phone="1", mail="", at=at, by=district.leader)


def letters_for(office, *people):
    """The question, the button, the worker, the file."""
    rows = [str(Post.objects.filter(person=one)[0].pk) for one in people]
    asked = office.get(reverse("office-post-letters"), {"row": rows}, **ENGLISH).content.decode()
    given = {"paper": "A5", "languages": "zh-hans en", "row": rows}
    page = office.post(reverse("office-post-letters-make"), given).headers["Location"]
    run_jobs()
    return asked, page, f"{page}take/"


def test_nobody_gets_a_post_that_was_not_chosen(office, district):
    given = {
        "person": district.members[0].number,
        "organisation": "001",
        "role": "",
        "from_on": clock.today().isoformat(),
    }
    page = office.post(reverse("office-posts"), given, **ENGLISH).content.decode()
    assert '<option value="" selected>…</option>' in page
    assert not Post.objects.filter(person=district.members[0]).exists()


def test_letters_for_the_ticked_are_never_letters_for_everybody(office, district):
    """Where nobody is ticked the button says so; the link beside it is the one that means all who have no account."""
    address = reverse("office-post-letters")
    Account.objects.filter(person=district.secretaries[0]).delete()
    assert 'name="of" value="ticked"' in office.get(reverse("office-posts")).content.decode()
    asked = office.get(address, {"of": "ticked"}, follow=True, **ENGLISH)
    assert asked.redirect_chain == [(reverse("office-posts"), 302)]
    assert "Tick at least one line" in asked.content.decode()
    row = Post.objects.filter(person=district.secretaries[1])[0].pk
    assert office.get(address, {"of": "ticked", "row": row}).context["count"] == 1
    assert office.get(address).context["count"] == 1


def test_no_letters_are_made_for_nobody(office, district):
    Post.objects.filter(person=district.secretaries[0]).update(until_on=clock.today())
    given = {"paper": "A5", "languages": "zh-hans", "row": [Post.objects.filter(person=district.secretaries[0])[0].pk]}
    page = office.post(reverse("office-post-letters-make"), given, **ENGLISH)
    assert "Nobody who is ticked" in page.content.decode()
    assert not Job.objects.exists()


def test_letters_for_many_replace_passwords_only_once_they_lie_there_and_only_for_their_asker(office, district):
    one, other = district.secretaries[:2]
    asked, _page, take = letters_for(office, one, other)
    assert "2 of them can sign in already" in asked
    assert "http://testserver leads only to this machine" in asked
    assert Job.objects.latest("pk").file == f"账号通知单 - {district.root.name} - {clock.today()}.html"
    text = b"".join(office.post(take)).decode()
    assert text.count("<article>") == 2
    assert "size: A5" in text
    assert text.index(one.number) < text.index(other.number)  # by branch, and so is the list for signatures
    given = dict(re.findall(r"<code>([^<]+)</code></dd>\s*<dt>[^<]+</dt>\s*<dd><code>([^<]+)</code>", text))
    assert set(given) == {one.number, other.number}
    signs_in = partial(identity.check_sign_in, login=one.number, place=Place("here", is_known=False), at=cast.NOW)
    with refused("sign-in.does-not-fit"):
        signs_in(password=cast.PASSWORD)
    assert signs_in(password=given[one.number]).is_handed_out
    colleague = Client()
    colleague.force_login(Account.objects.get(person=district.second_office))
    assert colleague.post(take).status_code == 404
    stored = str(list(Job.objects.values())) + str(list(JournalEntry.objects.values()))
    assert not any(password in stored for password in given.values())


def test_letters_print_the_public_address_of_the_house(office, district, settings):
    settings.PUBLIC_ADDRESS = "https://zy.example.org"
    asked, _page, take = letters_for(office, district.secretaries[0])
    assert "Open the printed one on a phone first" in asked
    text = b"".join(office.post(take)).decode()
    assert "https://zy.example.org/sign-in/" in text
    assert "testserver" not in text


def test_letters_that_cannot_all_be_made_leave_every_password_as_it_was(office, district):
    one, other = district.secretaries[:2]
    Account.objects.filter(person=other).update(login="earlier")
    Account.objects.filter(person=district.leader).update(login=other.number)
    before = set(Account.objects.values_list("login", "password"))
    _asked, page, take = letters_for(office, one, other)
    assert "signs in with" in office.get(page, **ENGLISH).content.decode()
    assert set(Account.objects.values_list("login", "password")) == before
    assert office.post(take).status_code == 302


def test_a_bureaus_office_gives_no_post_and_no_account_elsewhere(client, district):
    """Neither by what an address names nor by what a form says; its own people it looks after as ever."""
    clerk, today = district.members[0], timezone.localdate()
    post = {"role": "campaign_office", "title": "", "from_on": today, "at": timezone.now(), "by": None}
    organisations.appoint(person=clerk, organisation=district.villages[0], **post)
    client.force_login(identity.open_account(person=clerk, login="c", password="x" * 12, at=cast.NOW, by=None))
    own = Person.objects.filter(organisation=district.villages[0]).exclude(pk=clerk.pk).first()
    given = {"person": own.number, "role": "campaign_office", "from_on": today}
    for code in ("001", "001001", district.villages[1].code):
        answer = client.post(reverse("office-posts"), given | {"organisation": code}, **ENGLISH)
        assert "organisation" in answer.context["form"].errors, answer.context["form"].errors
    assert Post.objects.filter(role="campaign_office", person__in=[clerk, own]).count() == 1
    begun = client.get(reverse("office-posts"), {"organisation": "001", "person": district.office.number}, **ENGLISH)
    assert not begun.context["form"].initial, "nothing begins with somebody elsewhere"
    for person in (district.office, district.secretaries[1]):
        assert client.post(reverse("office-account", args=[person.pk])).status_code == 403
    assert client.post(reverse("office-account", args=[district.secretaries[0].pk])).status_code == 200


def test_wrong_numbers_and_codes_are_named_and_nothing_is_given(office, district):
    before = Post.objects.count()
    page = office.post(
        reverse("office-posts"), {"person": "NOBODY", "organisation": "NOWHERE", "role": "leader"}
    ).content.decode()
    assert "NOBODY" in page
    assert "NOWHERE" in page
    assert Post.objects.count() == before


def test_others_have_no_such_page(client, district):
    client.post(reverse("sign-in"), {"login": district.leader.number, "password": cast.PASSWORD})
    assert client.get(reverse("office-posts")).status_code == 403
    assert client.post(reverse("office-account", args=[district.office.pk])).status_code == 403
    assert identity.check_sign_in(
        login=district.office.number, password=cast.PASSWORD, place=Place("here", is_known=False), at=cast.NOW
    )


def test_a_post_that_is_given_says_to_whom_and_reads_as_a_sentence_in_the_history(office, district):
    person, village = district.members[0], district.villages[0]
    given = {"person": person.number, "organisation": village.code, "role": "leader", "from_on": clock.today()}
    page = office.post(reverse("office-posts"), given, follow=True, **ENGLISH).content.decode()
    assert f"{person.name}" in page
    assert "now holds this post" in page
    assert "Held from" in page
    for address, says in (
        (reverse("office-person", args=[person.pk]), f"Leader of {village.name}"),
        (reverse("office-organisation", args=[village.pk]), f"{person.name} ({person.number}), Leader"),
    ):
        told = re.sub(r"<[^>]+>", "", office.get(address, **ENGLISH).content.decode())
        told = " ".join(told.split())
        assert says in told, told[told.index("What happened") :][:400]
        assert "←" not in told


def test_what_a_command_did_says_so_in_history_and_journal(office, district):
    person = district.members[0]
    call_command("appoint_office", person.number, lang="en", stdout=StringIO())
    call_command("reset_password", person.number, lang="en", stdout=StringIO())
    history = office.get(reverse("office-person", args=[person.pk]), **ENGLISH).content.decode()
    assert "by a command on the server" in history
    journal = office.get(reverse("office-journal"), **ENGLISH).content.decode()
    assert journal.count("by a command on the server") >= 3  # the post, the account, its new password
