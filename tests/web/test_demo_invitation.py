"""What the demo prints for members when it starts again: codes of the poll in which one can vote, whatever was planned since."""

import contextlib
import ssl

import pytest
from tests.cast import booth as cast_booth
from tests.cast import district as cast

from zhengyou.management.commands import demo
from zhengyou.management.demo import phone
from zhengyou.web.shared import clock

pytestmark = pytest.mark.django_db


def test_codes_are_of_the_open_poll_even_if_a_newer_one_is_being_drafted():
    district = cast.small_district()
    cycle = cast_booth.small_cycle(district)
    assert "is over" in demo._member_lines("http://x", district.office)[0]
    opened = cast_booth.opened_now(district, cycle, [district.members[:6]])
    cast_booth.drafted_now(district, cycle, [district.members[:6]])
    lines = demo._member_lines("http://x", district.office)
    assert [line.strip().startswith(f"http://x/booth/{opened.key}/#m=") for line in lines[1:]] == [True] * 3


def test_a_phone_reaches_the_demo_at_the_machines_address_by_https(tmp_path, settings, monkeypatch):
    """The two ends of TLS, with the client that asks for the address by which a phone would come."""
    address = "192.0.2.7"
    made = phone.make_certificate(tmp_path / "phone", address, at=clock.now())
    assert [path.stat().st_mode & 0o777 for path in (made.path, made.key)] == [0o600, 0o600]
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(made.path, made.key)
    asking = ssl.create_default_context(cafile=str(made.path))
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [asking.wrap_bio(here, there, server_hostname=address), serving.wrap_bio(there, here, server_side=True)]
    for end in ends * 3:
        with contextlib.suppress(ssl.SSLWantReadError):
            end.do_handshake()
    assert ends[0].version() == "TLSv1.3"

    monkeypatch.setenv("ZHENGYOU_HOSTS", "")
    settings.ALLOWED_HOSTS = ["localhost"]
    phone.let_in(address)
    assert address in settings.ALLOWED_HOSTS
    shown = phone.pictures({"The site": f"https://{address}:8000/"})
    assert f"The site: https://{address}:8000/" in shown
    assert "▀" in shown
