"""Following redirects by hand, with the address guard at every hop."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from unabridged.errors import FetchRefused, TooManyRedirects
from unabridged.fetch.ssrf_guard import Allowance, Target, check_url, without_credentials
from unabridged.model import Redirect

REDIRECTS = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request answered. headers: names in lower case. body: decoded; empty for a redirect."""

    target: Target
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    wire_bytes: int = 0


Ask = Callable[[Target, bool], Awaitable[Exchange]]
"""Ask one target; the flag says whether it is still the origin that credentials were meant for."""


async def follow(
    url: str, ask: Ask, *, allow: Allowance, max_redirects: int
) -> tuple[Exchange, tuple[Redirect, ...]]:
    """Ask a URL and wherever it sends us; return the last answer and the hops before it.

    Raises FetchRefused for a hop that the guard refuses, TooManyRedirects for a loop or too many.
    """
    target = check_url(url, allow)
    origin, trusted = target.origin, True
    hops: list[Redirect] = []
    seen = {target.url}
    while True:
        trusted = trusted and target.origin == origin
        answer = await ask(target, trusted)
        onwards = answer.headers.get("location", "").strip(" \t")
        if answer.status not in REDIRECTS or not onwards:
            return answer, tuple(hops)
        hops.append(Redirect(url=target.url, status=answer.status))
        target = _next_hop(target, onwards, allow)
        if target.url in seen:
            raise TooManyRedirects(url, _loop_message(hops, target))
        if len(hops) > max_redirects:
            raise TooManyRedirects(url, _limit_message(hops, max_redirects))
        seen.add(target.url)


def _next_hop(target: Target, location: str, allow: Allowance) -> Target:
    try:
        onwards = urljoin(target.url, location)
    except ValueError:
        onwards = location
    try:
        return check_url(_with_encoded_spaces(onwards), allow)
    except FetchRefused as exc:
        raise FetchRefused(exc.url, f"{target.url} redirects to a refused address. {exc}") from exc


_AFTER_HOST = re.compile(r"(https?://[^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_SPACES = re.compile(r"[\x00-\x20\x7f]")


def _with_encoded_spaces(url: str) -> str:
    """Return a URL with spaces and controls of its path and query percent-encoded, as browsers send it.

    Those of its host stay, and are refused.
    """
    matched = _AFTER_HOST.fullmatch(url)
    if matched is None:
        return url
    return matched[1] + _SPACES.sub(lambda found: f"%{ord(found[0]):02X}", matched[2])


def _loop_message(hops: list[Redirect], target: Target) -> str:
    return (
        f"{hops[0].url} redirects in a circle (back to {without_credentials(target.url)}). "
        "The site may want cookies, which are not sent; open it in a browser and use the address shown there."
    )


def _limit_message(hops: list[Redirect], limit: int) -> str:
    return (
        f"{hops[0].url} redirects more than {limit} times, last from {hops[-1].url}. "
        "Use the address that a browser ends at, or raise max_redirects under [fetch]."
    )
