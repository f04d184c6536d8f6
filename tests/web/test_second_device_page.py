"""The page of a second device: for polls that are announced, with every sentence, and alone in asking for the camera."""

import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.web.public.doubting_words import doubting_words, second_device_words

pytestmark = pytest.mark.django_db

ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
CLIENT = Path(__file__).parents[2] / "frontend"


@pytest.fixture
def district():
    return cast.small_district(members_a_village=5)


def page_of(client, words=""):
    return client.get(reverse("second-device") + words, **ENGLISH)


def keys_in(name: str) -> set[str]:
    """The keys that a program lists, with those of the recount's troubles that it names."""
    text = (CLIENT / name).read_text("utf-8")
    lists = re.findall(r"(?:\[|push\()([^=\[\]()]*)(?:\]|\))(?: as const)?;", text)
    return {word for one in lists for word in re.findall(r'"([a-z_]+)"', one)}


def test_an_announced_poll_comes_with_its_addresses_and_no_other_does(client, district):
    cycle = cast_booth.small_cycle(district, criteria=1)
    drafted = cast_booth.drafted_now(district, cycle, [district.members[:6]])
    for strange in (drafted.key, uuid4(), "nothing"):
        assert page_of(client, f"?poll={strange}").status_code == 404
    assert "data-opening-url" not in page_of(client).content.decode()


def test_an_open_poll_names_its_rules_and_its_fingerprint(client, district):
    opened = cast_booth.opened_now(district, cast_booth.small_cycle(district, criteria=1), [district.members[:6]])
    text = page_of(client, f"?poll={opened.key}").content.decode()
    assert f'data-fingerprint="{opened.fingerprint}"' in text
    rules = json.loads(client.get(reverse("booth-opening", args=[opened.key])).content)
    assert f'data-opening-url="{reverse("booth-opening", args=[opened.key])}"' in text
    assert set(rules) == {"format", "manifest", "keys"}


def test_only_this_page_may_ask_for_the_camera(client):
    assert page_of(client)["Permissions-Policy"].startswith("camera=(self)")
    assert client.get(reverse("recount"))["Permissions-Policy"].startswith("camera=()")


def test_every_sentence_the_programs_know_is_there_and_no_other():
    assert keys_in("recount/seal/words.ts") == set(second_device_words())
    assert keys_in("booth/doubting-words.ts") == set(doubting_words())
