"""The verb that serves the reader until Ctrl-C: serve."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import typer

from unabridged.cli.commands.servers.worker import workers_of
from unabridged.cli.support.context import door_of
from unabridged.cli.support.streams import log_to_stderr
from unabridged.serve.server import serve as run_reader


def serve(
    context: typer.Context,
    address: Annotated[str | None, typer.Option("--address", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", "-p", help="Port; 0 takes a free one.")] = None,
    poll: Annotated[bool, typer.Option("--poll/--no-poll", help="Keep subscriptions up to date.")] = True,
) -> None:
    """Serve the reader and full-text feeds.

    Subscriptions are kept up to date meanwhile. On this machine alone there is no login; beyond
    loopback the reader refuses to start without
    [serve] allow_open, since everybody who reaches it could read and change everything.

    With --no-poll it only serves; `unabridged worker` polls then (PostgreSQL).
    """
    door = door_of(context)
    own = door.settings.serve
    own = replace(
        own,
        address=own.address if address is None else address,
        port=own.port if port is None else port,
    )
    settings = replace(door.settings, serve=own)

    def ready(origin: str) -> None:
        door.out.print(f"Reader and full-text feeds: {origin}/   (Ctrl-C ends)")

    log_to_stderr(logging.WARNING)
    with door.archive() as archive:
        order = workers_of(settings.database, poll)
        run_until_interrupted(
            run_reader(archive, settings=settings, poll=poll, ready=ready, enqueue_read=order)
        )


def run_until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Run until Ctrl-C, which is the usual end and no error."""
    with suppress(KeyboardInterrupt):
        asyncio.run(work)


VERBS: dict[str, Callable[..., None]] = {"serve": serve}
