"""The demo for a phone in the same network: the machine's address there, a certificate made on the spot, QR codes in the terminal.

A booth needs https, so the phone is asked once whether it trusts the certificate, which nobody has signed. Only for a demo.
"""

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.core.management.base import CommandError

from zhengyou.management.serving.web_workers import Certificate

ELSEWHERE = ("192.0.2.1", 9)  # an address of documents: nothing is sent, the machine only says which way it would go
HOLDS = timedelta(days=30)
HOW = (
    "Take a phone that is in the same network. Scan the first picture; the phone warns of the certificate, as this machine made it "
    "itself: choose to go on (Advanced, then Proceed or Visit this website). WeChat does not let you: use the phone's own browser."
)


def address_in_network() -> str:
    """This machine's own address in its network. Raises CommandError in words where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(ELSEWHERE)
            address = str(way.getsockname()[0])
        except OSError:
            address = "127.0.0.1"
    if ipaddress.ip_address(address).is_loopback:
        raise CommandError(
            "This machine is in no network, so no phone can reach it. Join the phone's network, then try again."
        )
    return address


def let_in(address: str) -> None:
    """The house answers under this address too: in this process, and in those that it starts."""
    hosts = [*settings.ALLOWED_HOSTS, address]
    settings.ALLOWED_HOSTS = hosts
    os.environ["ZHENGYOU_HOSTS"] = ",".join(hosts)


def make_certificate(folder: Path, address: str, *, at: datetime) -> Certificate:
    """A new key with a certificate for this address and for localhost, as files that only we can read."""
    folder.mkdir(mode=0o700, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zhengyou demo")])
    hosts = [x509.IPAddress(ipaddress.ip_address(address)), x509.DNSName("localhost")]
    begins = at.astimezone(UTC) - timedelta(hours=1)  # a phone's clock may be behind
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begins, begins + HOLDS)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return Certificate(
        _kept(folder / "certificate.pem", made.public_bytes(serialization.Encoding.PEM)),
        _kept(folder / "key.pem", key.private_bytes(serialization.Encoding.PEM, form, plain)),
    )


def _kept(path: Path, content: bytes) -> Path:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
    return path


def pictures(links: dict[str, str]) -> str:
    """How a phone comes here, and each link as a QR code for the terminal, under its name."""
    drawn = StringIO()
    for name, link in links.items():
        drawn.write(f"\n  {name}: {link}\n")
        segno.make(link, error="l").terminal(drawn, compact=True, border=2)
    return f"\n{HOW}\n{drawn.getvalue()}"
