"""Addresses as people type them: without a scheme, with a login inside, or copied with what stood around."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from unabridged.config import FeedSettings
from unabridged.errors import BadStatus, ConnectionFailed, FetchError, FetchTimeout, HostSilent
from unabridged.urls import has_scheme, normalise, split_login

Found = TypeVar("Found")

_MAY_ANSWER_OTHERWISE = (ConnectionFailed, FetchTimeout, BadStatus, HostSilent)
"""Failures after which the other scheme of the same host is tried."""


_AROUND = "<>\"'`“”‘’«» \t\r\n\u200b\ufeff"
"""Signs that are copied together with an address."""

_OF_A_PROGRAM = re.compile(r"(?:rss|podcasts?|pcast|itpc|view-source):(?://)?", re.IGNORECASE)
"""Schemes by which pages open a certain program; http or https is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAddress:
    """An address to fetch. urls: its spellings, the one to try first at the front.

    own: request settings, with the login that stood in the address; not yet bound to an origin.
    """

    urls: tuple[str, ...]
    own: FeedSettings | None = None


def typed_address(url: str, own: FeedSettings | None = None) -> TypedAddress:
    """Take an address apart: the login goes to the settings, a bare host name is https, then http.

    Quotes and brackets around it are left out, and schemes of programs ("podcast:") replaced.
    own: settings given beside the address; their login counts before the one inside it. With a login, http is
    not tried unless it was typed: the login would be sent in clear text. Raises InvalidURL.
    """
    bare, user, password = split_login(_pasted(url))
    if user is not None and (own is None or own.username is None):
        own = replace(own or FeedSettings(), username=user, password=password)
    urls = spellings(bare)
    return TypedAddress(urls=urls[:1] if own is not None and own.has_secrets else urls, own=own)


def _pasted(url: str) -> str:
    text = url.strip(_AROUND)
    match = _OF_A_PROGRAM.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    return rest if has_scheme(rest) else f"http://{rest}"


def spellings(url: str) -> tuple[str, ...]:
    """Return the addresses that may be meant: without a scheme, https and then http. Raises InvalidURL."""
    first = normalise(url)
    return (first,) if has_scheme(url) else (first, "http" + first.removeprefix("https"))


async def first_that_answers(urls: Sequence[str], attempt: Callable[[str], Awaitable[Found]]) -> Found:
    """Return the result of the first address that can be fetched. Raises the first address's FetchError."""
    failure: FetchError | None = None
    for url in urls:
        try:
            return await attempt(url)
        except _MAY_ANSWER_OTHERWISE as exc:
            failure = failure or exc
        except FetchError as exc:
            raise failure or exc from exc
    assert failure is not None, "there is at least one address"
    raise failure
