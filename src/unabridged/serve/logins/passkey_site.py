"""Site of passkeys: the host name to which browsers bind them (RP ID), and the origin that they confirm."""

import ipaddress
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from starlette.requests import Request

from unabridged import urls
from unabridged.config import ServeSettings
from unabridged.errors import InvalidURL, extra_advice
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.security import is_loopback

NEEDS_HTTPS = later("Passkeys need https, which this address does not have.")
NEEDS_NAME = later("Passkeys need a host name, and this address has none.")
NO_ADDRESS = later("Passkeys need an address that browsers can confirm. An administrator sets base_url.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeySite:
    """A site of passkeys. obstacle: the reason why there can be none, "" if there can.

    https://www.w3.org/TR/webauthn-3/#rp-id
    """

    host: str = ""
    origin: str = ""
    obstacle: str = ""


def passkey_site(request: Request, settings: ServeSettings) -> PasskeySite:
    """Return the site under which browsers see the app: that of base_url, else of the request."""
    if find_spec("webauthn") is None:
        return PasskeySite(
            obstacle=sentences(
                gettext("Passkeys need an extra of this program."), reported(extra_advice("accounts"))
            )
        )
    seen = settings.base_url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    try:
        origin = urls.origin(seen)
    except InvalidURL:
        return PasskeySite(obstacle=gettext(NO_ADDRESS))
    host = urls.host(origin)
    return PasskeySite(host=host, origin=origin, obstacle=_obstacle(host, origin))


def _obstacle(host: str, origin: str) -> str:
    if _is_address(host):
        if not is_loopback(host):
            return gettext(NEEDS_NAME)
        port = urlsplit(origin).port
        instead = f"http://localhost:{port}" if port else "http://localhost"
        return sentences(
            gettext(NEEDS_NAME), gettext("Open the reader as {address} instead.").format(address=instead)
        )
    return "" if host == "localhost" or origin.startswith("https://") else gettext(NEEDS_HTTPS)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
