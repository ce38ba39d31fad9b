"""Events in the client: a stream that breaks is resumed."""

from aiohttp import web

import tests.client.test_connection as connections
from tests.archive.sample_feeds import NOW
from tests.client.test_connection import Serve
from unabridged.api_records.events import Event
from unabridged.client.connection import Connection
from unabridged.client.events import PAUSE, Events

serve = connections.serve
"""Fixture: a server that gives answers in turn."""


def test_a_stream_that_breaks_goes_on_where_it_ended(serve: Serve) -> None:
    def told(number: int) -> str:
        event = Event(
            number=number,
            kind="article.new",
            at=NOW,
            feed=None,
            article=1,
            before=None,
            after=0,
            details={},
            title=None,
            url=None,
        )
        return f"id: {number}\nevent: article.new\ndata: {event.model_dump_json()}\n\n"

    address = serve([web.Response(text=told(1)), web.Response(status=503), web.Response(text=told(2))])
    waits: list[float] = []
    with Connection(address, "x") as connection:
        followed = Events(connection, sleep=waits.append).follow()
        assert [next(followed).number, next(followed).number] == [1, 2]
    assert waits == [PAUSE, PAUSE]
