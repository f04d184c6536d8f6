"""Signing in, being led back, changing one's password."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import district as cast

from zhengyou.identity.models import FailedSignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return cast.small_district()


def sign_in(client, person, password=cast.PASSWORD, **more):
    return client.post(reverse("sign-in"), {"login": person.number, "password": password} | more)


def test_one_is_led_to_where_one_wanted_to_go_and_never_out_of_the_house(client, district):
    wanted = reverse("office-tree")
    answer = client.get(wanted)
    assert answer.headers["Location"] == f"{reverse('sign-in')}?next={wanted}"
    assert sign_in(client, district.office, next=wanted).headers["Location"] == wanted
    client.post(reverse("sign-out"))
    assert sign_in(client, district.office, next="https://elsewhere.invalid/").headers["Location"] == "/office/"
    client.post(reverse("sign-out"))
    assert sign_in(client, district.leader).headers["Location"] == "/desk/"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, district):
    page = reverse("office-posts")
    answer = client.post(reverse("office-post-end", args=[1]), headers={"Referer": f"http://testserver{page}"})
    assert answer.headers["Location"] == f"{reverse('sign-in')}?next={page}"


def test_a_wrong_password_is_said_above_the_form_and_the_login_stays_typed(client, district):
    page = sign_in(client, district.office, password="wrong").content.decode()
    assert "do not match" in page
    assert f'value="{district.office.number}"' in page


def test_a_changed_password_works_the_old_one_does_not_and_other_sessions_end(client, district):
    other = Client()
    sign_in(other, district.office)
    sign_in(client, district.office)
    new = "quite-another-secret"
    answer = client.post(reverse("password"), {"old": cast.PASSWORD, "new": new, "again": new})
    assert answer.headers["Location"] == reverse("desk-home")
    assert client.get(reverse("office-home")).status_code == 200
    assert other.get(reverse("office-home")).status_code == 302
    assert sign_in(Client(), district.office).status_code == 200
    assert sign_in(Client(), district.office, password=new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "quite-another-secret", "quite-another-secret"),
        (cast.PASSWORD, "short", "short"),
        (cast.PASSWORD, "quite-another-secret", "not-the-same-secret"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(client, district, old, new, again):
    sign_in(client, district.office)
    assert client.post(reverse("password"), {"old": old, "new": new, "again": again}).status_code == 200
    assert sign_in(Client(), district.office).status_code == 302


def fail_from(address, person, times=10):
    for _time in range(times):
        Client(REMOTE_ADDR=address).post(reverse("sign-in"), {"login": person.number, "password": "wrong"})


def text_of(response):
    return response.content.decode()


def test_wrong_passwords_from_elsewhere_keep_nobody_out(district):
    fail_from("203.0.113.7", district.office, 12)
    assert "Too many wrong passwords" in text_of(sign_in(Client(REMOTE_ADDR="203.0.113.7"), district.office))
    assert sign_in(Client(REMOTE_ADDR="198.51.100.1"), district.office).status_code == 302


def test_the_device_that_signed_in_before_enters_while_a_guesser_with_many_addresses_is_at_work(district):
    own = Client(REMOTE_ADDR="203.0.113.1")
    assert sign_in(own, district.office).status_code == 302
    own.post(reverse("sign-out"))
    for n in range(2, 6):
        fail_from(f"203.0.113.{n}", district.office)
    fail_from("203.0.113.1", district.office)  # behind the same address, such as a proxy
    assert "Too many wrong passwords" in text_of(sign_in(Client(REMOTE_ADDR="198.51.100.1"), district.office))
    assert sign_in(own, district.office).status_code == 302
    other = Client(REMOTE_ADDR="198.51.100.2")
    other.cookies["zhengyou-device"] = own.cookies["zhengyou-device"].value + "x"  # a forged mark is none
    assert "Too many wrong passwords" in text_of(sign_in(other, district.office))


def test_addresses_of_one_ipv6_network_are_one_place(district):
    for n in range(12):
        fail_from(f"2001:db8:0:1::{n}", district.office, 1)
    assert "Too many wrong passwords" in text_of(sign_in(Client(REMOTE_ADDR="2001:db8:0:1::ffff"), district.office))
    assert sign_in(Client(REMOTE_ADDR="2001:db8:0:2::1"), district.office).status_code == 302


def test_the_mark_of_a_device_is_checked_by_the_sign_in_page_only_and_names_nobody(client, district):
    sign_in(client, district.office)
    cookie = client.cookies["zhengyou-device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (reverse("sign-in"), True, "Lax")
    assert district.office.number not in cookie.value
    assert "zhengyou-device" not in Client().get(reverse("sign-in")).cookies


def test_of_an_address_only_a_digest_is_kept(district):
    fail_from("203.0.113.7", district.office, 1)
    assert "203.0.113" not in str(FailedSignIn.objects.values().get())
