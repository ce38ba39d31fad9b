"""Sender of webhooks: delivers events to channels at least once, in order, until it is cancelled."""

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.events import DeliveryFailure, Event, Outgoing
from unabridged.automation import webhooks
from unabridged.config import FetchSettings
from unabridged.dates.parse import utc_now
from unabridged.errors import (
    ArchiveError,
    BadStatus,
    FetchError,
    InvalidURL,
    InvalidValue,
    LeaseLost,
    NotFound,
    TooLarge,
)
from unabridged.fetch.client import Fetcher
from unabridged.fetch.credentials import keeps_secrets
from unabridged.fetch.ssrf_guard import check_url, parse_allowance

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""Pause between two looks for events to send."""

ERROR_SECONDS = 15.0
"""Pause after an error of the archive."""

AT_ONCE = 8
"""Channels that are served at the same time."""

TIMEOUT = 15.0
"""Seconds for one delivery; the settings may say less."""

LEASE = timedelta(seconds=60)
"""Lease of a channel, extended with each delivery. Longer than TIMEOUT and the waits for the archive."""

TURN = 200
"""Deliveries after which a channel gives way to others."""

GONE = 410
SUCCESS = range(200, 300)
OVER_HTTP = (
    "The address of a webhook must be https. Only addresses of this machine and of hosts under "
    "[fetch] allow_private may be http."
)
FEED_GONE = "You do not subscribe to the feed of this channel any more. Add a channel for another feed."
NOT_VISIBLE = DeliveryFailure(
    kind="not-visible", message="The event is not among yours any more, so it is not sent."
)
FAULT = "The event could not be sent because of an error in this program; its log has the details."


def check_address(address: str, settings: FetchSettings) -> str:
    """Return an address as it is stored. Raises FetchRefused, InvalidValue if nothing may go there."""
    target = check_url(address, parse_allowance(settings.allow_private))
    if not (target.trusted or keeps_secrets(target.url)):
        raise InvalidValue(OVER_HTTP)
    return target.url


def open_client(settings: FetchSettings) -> Fetcher:
    """Return the guarded client for deliveries: one request at a time to a host, without pauses."""
    return Fetcher(replace(settings, per_host_gap=0.0, timeout=min(settings.timeout, TIMEOUT)))


async def push(
    client: Fetcher, out: Outgoing, message: str, body: bytes, now: datetime
) -> DeliveryFailure | None:
    """Send one delivery; return why it failed, None if it arrived. Any answer of 200 to 299 is success."""
    try:
        await client.push(out.channel.address, body, webhooks.headers(message, body, out.secrets, now))
    except TooLarge:  # the answer of a success, of which nothing is read
        return None
    except BadStatus as exc:
        if exc.status in SUCCESS:
            return None
        gone = exc.status == GONE
        return DeliveryFailure(kind=exc.kind, message=str(exc), retry_after=exc.retry_after, gone=gone)
    except FetchError as exc:
        return DeliveryFailure(kind=exc.kind, message=str(exc))
    except InvalidURL as exc:
        return DeliveryFailure(kind="refused", message=str(exc))
    return None


async def send_test(client: Fetcher, out: Outgoing, now: datetime) -> DeliveryFailure | None:
    """Send a test event to a channel; return why it failed, None if it arrived."""
    message = f"msg_{out.channel.id}_test_{secrets.token_hex(8)}"
    return await push(client, out, message, webhooks.sample_body(now), now)


@asynccontextmanager
async def sending(sender: "Sender") -> AsyncIterator[None]:
    """Let a sender run beside other work."""
    running = asyncio.create_task(sender.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class Sender:
    """Delivers the events of an archive. Several may run, also in several processes.

    base_url: public address of the reader. clock, jitter: as in `PollContext`.
    """

    def __init__(
        self,
        archive: Archive,
        settings: FetchSettings,
        *,
        base_url: str | None = None,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._deliveries = archive.deliveries
        self._settings = settings
        self._base_url = base_url
        self._clock = clock
        self._jitter = jitter
        self._serving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with open_client(self._settings) as client:
            try:
                while True:
                    works = await self.look(client)
                    await asyncio.sleep(LOOK_SECONDS if works else ERROR_SECONDS)
            finally:
                for task in self._serving:
                    task.cancel()
                await asyncio.gather(*self._serving, return_exceptions=True)

    async def look(self, client: Fetcher) -> bool:
        """Start to serve the channels that are due. Returns False if the archive could not be used."""
        try:
            await asyncio.to_thread(self._deliveries.release_dead)
            while len(self._serving) < AT_ONCE:
                now = self._clock()
                out = await asyncio.to_thread(self._deliveries.claim, now, now + LEASE)
                if out is None:
                    break
                task = asyncio.create_task(self._serve(out, client))
                self._serving.add(task)
                task.add_done_callback(self._serving.discard)
        except ArchiveError as exc:
            log.warning("Events are sent later: %s", exc)
            return False
        return True

    async def drain(self, client: Fetcher) -> None:
        """Serve every channel that is due, and wait for the end."""
        await self.look(client)
        while self._serving:
            await asyncio.gather(*self._serving)
            await self.look(client)

    async def _serve(self, out: Outgoing, client: Fetcher) -> None:
        number = out.channel.id
        try:
            if await self._send_letters(out, client):
                await self._send_events(out, client)
        except LeaseLost:
            return
        except NotFound:
            gone = DeliveryFailure(kind="feed-gone", message=FEED_GONE, gone=True)
            await self._record_failure(out, gone)
        except ArchiveError as exc:
            log.warning("Channel %d is served later: %s", number, exc)
        except Exception:  # an error with one channel must not end the service of the others
            log.exception("Channel %d could not be served; it is tried again later.", number)
            await self._record_failure(out, DeliveryFailure(kind="fault", message=FAULT))
        finally:
            with suppress(ArchiveError):
                self._deliveries.release(out)  # also when cancelled; a lease that stays ends by time

    async def _record_failure(self, out: Outgoing, failure: DeliveryFailure) -> None:
        now = self._clock()
        pause = webhooks.pause_after(out.channel.attempts, self._jitter())
        with suppress(ArchiveError):
            await asyncio.to_thread(self._deliveries.failed, out, failure, now, now + pause)

    async def _send_letters(self, out: Outgoing, client: Fetcher) -> bool:
        """Send dead letters again. Returns whether the channel is to go on."""
        for letter, event in await asyncio.to_thread(self._deliveries.wanted_letters, out):
            failure = NOT_VISIBLE if event is None else await self._push(out, event, client)
            now, known = self._clock(), self._deliveries
            if failure is None:
                goes_on = await asyncio.to_thread(known.letter_delivered, out, letter.id, now, now + LEASE)
            else:
                goes_on = await asyncio.to_thread(known.letter_failed, out, letter.id, failure, now + LEASE)
            if not goes_on:
                return False
        return True

    async def _send_events(self, out: Outgoing, client: Fetcher) -> None:
        sent, more = 0, True
        while more and sent < TURN:
            page = await asyncio.to_thread(self._deliveries.read, out)
            for event in page.events:
                if not await self._send(out, event, client):
                    return
                out = replace(out, channel=replace(out.channel, attempts=0, failing_since=None))
                sent += 1
            await asyncio.to_thread(self._deliveries.advance, out, page.next, self._clock() + LEASE)
            more = page.more

    async def _send(self, out: Outgoing, event: Event, client: Fetcher) -> bool:
        """Send one event and write the outcome. Returns whether to go on with the next one."""
        failure = await self._push(out, event, client)
        now, channel = self._clock(), out.channel
        if failure is None:
            return await asyncio.to_thread(self._deliveries.delivered, out, event.number, now, now + LEASE)
        log.info("Channel %d: event %d could not be sent (%s).", channel.id, event.number, failure.kind)
        wish = failure.retry_after
        if not failure.gone and webhooks.is_given_up(event, channel.failing_since, now):
            next_at = now + webhooks.pause_after(0, self._jitter(), wish)
            await asyncio.to_thread(self._deliveries.given_up, out, event, failure, now, next_at)
        else:
            next_at = now + webhooks.pause_after(channel.attempts, self._jitter(), wish)
            await asyncio.to_thread(self._deliveries.failed, out, failure, now, next_at)
        return False

    async def _push(self, out: Outgoing, event: Event, client: Fetcher) -> DeliveryFailure | None:
        message = webhooks.delivery_id(out.channel.id, event.number)
        return await push(client, out, message, webhooks.body(event, self._base_url), self._clock())
