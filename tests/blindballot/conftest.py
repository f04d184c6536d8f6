"""Keys the tests of the ballot engine share; RSA keys are slow to make."""

from __future__ import annotations

import pytest
from tests.blindballot.polls import rsa_key

from blindballot.box.issuing import IssuerKey


@pytest.fixture(scope="session")
def issuer_key() -> IssuerKey:
    return rsa_key(0)


@pytest.fixture(scope="session")
def other_key() -> IssuerKey:
    return rsa_key(1)
