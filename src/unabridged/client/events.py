"""Events of the library: pages by cursor, and a stream that goes on after an interruption."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence

from unabridged.api_records.events import Event, EventPage
from unabridged.client.connection import Connection
from unabridged.client.errors import ApiUnreachable, TooBusy

PAUSE = 5.0
"""Seconds before a stream that broke is opened again."""


class Events:
    """Events of a person's articles and feeds: `client.events`. sleep: waits for seconds."""

    def __init__(self, connection: Connection, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._connection = connection
        self._sleep = sleep

    def page(
        self, after: int = 0, *, kinds: Sequence[str] = (), feed: int | None = None, limit: int = 100
    ) -> EventPage:
        """Return a page of events, oldest first. after: number of the last one known, 0 for none."""
        params = {"after": after, "kind": list(kinds) or None, "feed": feed, "limit": limit}
        return self._connection.get("/events", EventPage, params)

    def all(self, after: int = 0, *, kinds: Sequence[str] = (), feed: int | None = None) -> Iterator[Event]:
        """Yield the events that there are now, oldest first; pages are asked for as they are needed."""
        more = True
        while more:
            page = self.page(after, kinds=kinds, feed=feed)
            yield from page.events
            after, more = page.next, page.more

    def follow(
        self, after: int | None = None, *, kinds: Sequence[str] = (), feed: int | None = None
    ) -> Generator[Event, None, None]:
        """Yield events as they happen, without an end; a stream that breaks is resumed where it ended.

        after: number of the last one known; None: begin now. Raises ApiError other than of a lost connection.
        """
        params = {"kind": list(kinds) or None, "feed": feed}
        place = after
        while True:
            try:
                for name, data in self._connection.stream("/events/stream", {**params, "after": place}):
                    if name == "data":
                        yield Event.model_validate_json(data)
                    elif name == "id" and data.isdigit():
                        place = int(data)
            except (ApiUnreachable, TooBusy):
                pass
            self._sleep(PAUSE)
