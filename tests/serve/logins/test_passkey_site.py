"""Where passkeys can be: a host name, and https or this machine."""

import pytest
from starlette.requests import Request

from unabridged.config import ServeSettings
from unabridged.serve.logins.passkey_site import NEEDS_HTTPS, NEEDS_NAME, PasskeySite, passkey_site


def site(host: str, base_url: str | None = None, scheme: str = "http") -> PasskeySite:
    scope = {"type": "http", "scheme": scheme, "headers": [(b"host", host.encode())]}
    return passkey_site(Request(scope), ServeSettings(base_url=base_url))


@pytest.mark.parametrize(
    ("found", "host", "origin"),
    [
        (site("localhost:8200"), "localhost", "http://localhost:8200"),
        (site("LOCALHOST"), "localhost", "http://localhost"),
        (site("news.lan", scheme="https"), "news.lan", "https://news.lan"),
        (
            site("127.0.0.1:8200", "https://News.Example.org/feeds"),
            "news.example.org",
            "https://news.example.org",
        ),
        (site("x", "https://news.example.org:8443"), "news.example.org", "https://news.example.org:8443"),
        (site("x", "http://localhost:8200"), "localhost", "http://localhost:8200"),
    ],
)
def test_a_name_over_https_or_of_this_machine_has_passkeys(
    found: PasskeySite, host: str, origin: str
) -> None:
    assert found == PasskeySite(host=host, origin=origin)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (site("127.0.0.1:8200"), "Open the reader as http://localhost:8200 instead"),
        (site("[::1]:8200"), "http://localhost:8200"),
        (site("127.0.0.1"), "http://localhost instead"),
        (site("192.168.1.5:8200"), NEEDS_NAME),
        (site("x", "https://192.168.1.5"), NEEDS_NAME),
        (site("news.lan"), NEEDS_HTTPS),
        (site("localhost", "http://news.example.org"), NEEDS_HTTPS),
        (site("localhost.evil.example"), NEEDS_HTTPS),
    ],
)
def test_elsewhere_the_reason_is_told(found: PasskeySite, told: str) -> None:
    assert told in found.obstacle
