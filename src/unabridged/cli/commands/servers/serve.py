"""The command `serve`: run the web reader until Ctrl-C."""

import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.streams import log_to_stderr
from unabridged.cli.support.workers import read_soon_callback
from unabridged.dates.parse import utc_now
from unabridged.serve.authentication import needs_login
from unabridged.serve.server import serve as run_reader


def serve(
    context: typer.Context,
    address: Annotated[str | None, typer.Option("--address", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", "-p", help="Port; 0: a free one.")] = None,
    poll: Annotated[bool, typer.Option("--poll/--no-poll", help="Poll subscriptions meanwhile.")] = True,
) -> None:
    """Serve the web reader and full-text feeds.

    Polls subscriptions in the background. On loopback no login is asked. On other addresses, or with a public
    [serve] base_url, people log in: the first start prints a one-time address for the first account.

    With --no-poll it only serves; `unabridged worker` polls (PostgreSQL).
    """
    cli = get_context(context)
    own = cli.settings.serve
    own = replace(
        own,
        address=own.address if address is None else address,
        port=own.port if port is None else port,
    )
    settings = replace(cli.settings, serve=own)

    log_to_stderr(logging.WARNING)
    with cli.archive(create=True) as archive:
        order = read_soon_callback(settings.database, poll)

        def ready(origin: str) -> None:
            cli.stdout.print(f"Reader and full-text feeds: {origin}/   (Ctrl-C stops it)")
            if own.base_url:
                cli.info(f"In browsers, through the proxy: {own.base_url.rstrip('/')}/   (base_url)")
            if needs_login(own) and not archive.accounts.is_claimed():
                secret = archive.accounts.invite_owner(now=utc_now())
                base = (own.base_url or origin).rstrip("/")
                cli.stdout.print(f"Make the first account (works once): {base}/invitation/{secret}")

        run_until_interrupted(
            run_reader(archive, settings=settings, poll=poll, ready=ready, enqueue_read=order)
        )


def run_until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Run until Ctrl-C, which is not an error."""
    with suppress(KeyboardInterrupt):
        run_async(work)


commands: dict[str, Callable[..., None]] = {"serve": serve}
