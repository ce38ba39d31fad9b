"""Streams: long answers that are passed on piece by piece, bounded in bytes and in time."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import aiohttp

from unabridged.errors import ConnectionFailed, FetchTimeout, TooLarge

PATIENCE = 30.0
"""Seconds that a server may keep us waiting for its first bytes, all its pauses together."""

SLOWEST = 2_000
"""Bytes that earn a server a further second of waiting: speech at 16 kbit/s arrives as fast."""

LONGEST = 6 * 3600.0
"""Seconds of one stream. A player asks again for what it still needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """An answer whose body is read as it comes. headers: names in lower case. url: of the last hop.

    pieces: the body; raises FetchTimeout, TooLarge or ConnectionFailed when it is not read to its end.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    pieces: AsyncIterator[bytes]


async def bounded_pieces(
    body: aiohttp.StreamReader, url: str, max_bytes: int, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[bytes]:
    """Yield a body as it comes. Time that the caller takes between two pieces is not the server's.

    clock: counts seconds. Raises FetchTimeout for a server that is too slow and for a stream without an end,
    TooLarge, and ConnectionFailed when the connection breaks.
    """
    started, received, waited = clock(), 0, 0.0
    while True:
        asked = clock()
        try:
            async with asyncio.timeout(PATIENCE + received / SLOWEST - waited):
                piece = await body.readany()
        except TimeoutError:
            raise _too_slow(url) from None
        except (aiohttp.ClientError, OSError) as exc:
            raise ConnectionFailed(url, f"{url} broke off while it was played: {exc}.") from exc
        waited += clock() - asked
        if waited > PATIENCE + received / SLOWEST:
            raise _too_slow(url)
        received += len(piece)
        if not piece:
            return
        if received > max_bytes:
            raise TooLarge(url, f"{url} is larger than {max_bytes:,} bytes and was not played to its end.")
        if clock() - started > LONGEST:
            raise FetchTimeout(url, f"{url} did not end within {LONGEST / 3600:g} hours.")
        yield piece


def _too_slow(url: str) -> FetchTimeout:
    return FetchTimeout(url, f"{url} sends too slowly to be played.")
