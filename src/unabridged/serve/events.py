"""Server-sent events: open pages learn that articles came, marks changed, or a refresh goes on.

An event has no content of the archive: a page then asks for its counts. One watcher looks into the database
for all connections, every WATCH_SECONDS, and only while there are connections. What this process changes is
told at once. https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from unabridged.archive.facade.archive import Archive
from unabridged.errors import ArchiveError
from unabridged.serve.viewer import Viewer

WATCH_SECONDS = 3.0
HEARTBEAT_SECONDS = 15.0
"""Pause after which a comment is sent: proxies close connections that stay silent."""

MAX_CONNECTIONS = 200
MAX_PER_USER = 8
"""Connections of one person; a further one ends the oldest. A browser opens six to one server at most."""

RETRY = "retry: 5000\n\n"
HEARTBEAT = ": still here\n\n"


@dataclass(eq=False, slots=True)
class Connection:
    """One open page. pending: event name -> data, the newest of each; ended: it gets nothing more."""

    viewer: Viewer
    pending: dict[str, str] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def send(self, name: str, data: str) -> None:
        self.pending[name] = data
        self.wake.set()

    def end(self) -> None:
        self.ended = True
        self.wake.set()


class EventHub:
    """Connections of open pages, and the watcher of the database behind them."""

    def __init__(self, archive: Archive, clock: Callable[[], datetime]) -> None:
        self._archive = archive
        self._clock = clock
        self._open: list[Connection] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        return len(self._open) >= MAX_CONNECTIONS

    @property
    def connections(self) -> int:
        return len(self._open)

    async def stream(self, viewer: Viewer) -> AsyncGenerator[str, None]:
        """Yield the events of one page until it is closed or its session ends."""
        connection = self._connect(viewer)
        try:
            yield RETRY
            while not connection.ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await connection.wake.wait()
                connection.wake.clear()
                pending, connection.pending = connection.pending, {}
                yield (
                    "".join(f"event: {name}\ndata: {data}\n\n" for name, data in pending.items()) or HEARTBEAT
                )
        finally:
            self._open.remove(connection)
            if not self._open and self._watcher is not None:
                self._watcher.cancel()
                self._watcher = None

    def _connect(self, viewer: Viewer) -> Connection:
        connection = Connection(viewer)
        own = [one for one in self._open if one.viewer.user.id == viewer.user.id and not one.ended]
        for oldest in own[: max(0, len(own) + 1 - MAX_PER_USER)]:
            oldest.end()
        self._open.append(connection)
        self._loop = asyncio.get_running_loop()
        if self._watcher is None:
            self._watcher = self._loop.create_task(self._watch())
        return connection

    def publish_change(self, user: int) -> None:
        """Tell a person's pages that counts changed. From any thread."""
        self.publish(user, "change", {})

    def publish(self, user: int, name: str, data: dict[str, int]) -> None:
        """Send an event to a person's pages. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send, user, name, json.dumps(data))

    def _send(self, user: int, name: str, data: str) -> None:
        for connection in self._open:
            if connection.viewer.user.id == user:
                connection.send(name, data)

    async def _watch(self) -> None:
        """Look for new articles and ended sessions until the last page is closed."""
        known: dict[int, int] = {}
        while True:
            viewers = {one.viewer for one in self._open}
            try:
                newest, ended = await asyncio.to_thread(self._look, viewers)
            except ArchiveError:  # it is locked or restarted: look again later
                newest, ended = {}, set()
            for user, number in newest.items():
                if known.get(user, number) != number:
                    self._send(user, "change", "{}")
            known = newest or known
            for connection in self._open:
                if connection.viewer in ended:
                    connection.end()
            await asyncio.sleep(WATCH_SECONDS)

    def _look(self, viewers: set[Viewer]) -> tuple[dict[int, int], set[Viewer]]:
        """Return each person's newest item, and the viewers who are no longer logged in."""
        users = {viewer.user.id for viewer in viewers}
        newest = {user: self._archive.library(user).articles.newest_item() for user in users}
        with_session = {viewer.user.id for viewer in viewers if viewer.way == "session"}
        valid = {
            session.id
            for user in with_session
            for session in self._archive.accounts.sessions(user, now=self._clock())
        }
        return newest, {one for one in viewers if one.way == "session" and one.session not in valid}
