"""The commands `list` and `remove`: the list of subscriptions."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.core import Subscription
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.subscription_details import all_details, details_table
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.poll.feeds.diagnostics import login_stayed


def list_(
    context: typer.Context,
    details: Annotated[bool, typer.Option("--details", help="Show all details; secrets are masked.")] = False,
) -> None:
    """List subscriptions and their state.

    Problems come with advice; `unabridged doctor` shows more."""
    cli = get_context(context)
    with cli.archive() as archive:
        subscriptions = archive.library().subscriptions.all()
        known = all_details(archive, subscriptions) if details else {}
    if cli.json:
        rows = [asdict(subscription) for subscription in subscriptions]
        cli.show_json([row | known.get(row["feed"]["id"], {}) for row in rows])
        return
    if not subscriptions:
        cli.info("No subscriptions yet. Subscribe with: unabridged add https://example.org/feed")
        return
    if details:
        for subscription in subscriptions:
            cli.stdout.print(plain(subscription.title, "bold"))
            cli.show_table(details_table(known[subscription.feed.id]))
        return
    headings = ("id", "title", "folder", "unread", "articles", "last polled", "state")
    table = new_table(*headings, right=("id", "unread", "articles"))
    for subscription in subscriptions:
        table.add_row(*_list_row(subscription))
    cli.show_table(table)


def _list_row(subscription: Subscription) -> list[str]:
    feed = subscription.feed
    polled = feed.last_polled.astimezone().strftime("%Y-%m-%d %H:%M") if feed.last_polled else "never"
    return [
        str(feed.id),
        subscription.title,
        subscription.folder or "",
        str(subscription.unread),
        str(subscription.articles),
        polled,
        state_of(subscription),
    ]


def state_of(subscription: Subscription) -> str:
    """Describe the state of a subscription, with advice if there is a problem."""
    feed = subscription.feed
    if feed.last_failure is not None and feed.failures:
        return f"{feed.last_failure.message} {feed.last_failure.advice}".strip()
    if (stayed := login_stayed(subscription)) is not None:
        return " ".join(stayed)
    words = {"active": "ok", "paused": "paused", "gone": "gone: the publisher ended this feed"}
    return words[feed.status]


def remove(
    context: typer.Context,
    feeds: Annotated[list[str], typer.Argument(help="Numbers or addresses, as `unabridged list` shows.")],
    purge: Annotated[
        bool, typer.Option("--purge", help="Delete the articles too, except starred ones.")
    ] = False,
) -> None:
    """Unsubscribe from feeds.

    Their articles are kept, unless --purge is given."""
    cli = get_context(context)
    with cli.archive() as archive:
        library = archive.library()
        for name in feeds:
            feed_id = feed_number(archive, name)
            if purge:
                cli.info(
                    f"Unsubscribed from {name}; {library.subscriptions.purge(feed_id)} articles deleted."
                )
            else:
                library.subscriptions.remove(feed_id)
                cli.info(f"Unsubscribed from {name}; its articles stay.")


commands: dict[str, Callable[..., None]] = {"list": list_, "remove": remove}
