"""What a worker keeps by thread: each request has its own language, zone and beginning of addresses, as with Django's own places."""

from threading import Thread

import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import timezone, translation
from django.utils.translation import gettext

from zhengyou.management.serving.web_workers import BY_THREAD, keep_by_thread


def test_threads_have_languages_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in BY_THREAD:
        monkeypatch.setattr(module, name, getattr(module, name))  # is put back afterwards
    keep_by_thread()
    seen: dict[str, tuple[str, str, str]] = {}

    def look(language: str, zone: str, prefix: str) -> None:
        with translation.override(language), timezone.override(zone):
            set_script_prefix(prefix)
            seen[language] = gettext("Help"), timezone.get_current_timezone_name(), reverse("public-home")

    with translation.override("en"):
        for given in (("zh-hans", "Asia/Tokyo", "/a/"), ("en", "Asia/Shanghai", "/")):
            thread = Thread(target=look, args=given)
            thread.start()
            thread.join()
        assert gettext("Help") == "Help"
        assert get_script_prefix() == "/"
    assert seen == {"zh-hans": ("帮助", "Asia/Tokyo", "/a/"), "en": ("Help", "Asia/Shanghai", "/")}
