"""The commands `set`, `pause` and `resume`: settings and state of a feed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import StoredFeed
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.feed_changes import ask, typed_changes
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.progress import waiting
from unabridged.cli.support.tables import items_table
from unabridged.cli.support.terminal import plain
from unabridged.config import FeedSettings
from unabridged.durations import format_duration
from unabridged.feeds.lists.profile import checked_examples
from unabridged.fetch.credentials import cookie_site
from unabridged.model import Feed
from unabridged.poll.feeds.diagnostics import login_stayed
from unabridged.poll.feeds.setting_changes import Changes, apply_changes, masked, site_of
from unabridged.urls import host


def set_(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(help="Number or address of a feed; for a cookie, also any site.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="key=value…", help="Changes; default: show the settings.")
    ] = None,
) -> None:
    """Show or change the settings of a feed.

    \b
    unabridged set 3 title="The Post" folder=News       your own title and folder
    unabridged set 3 url=https://example.org/new.xml    a new address; the old one stays in its history
    unabridged set 3 user=ada password=-                basic auth; "-" prompts, or reads a line of stdin
    unabridged set 3 header.X-Token=-                   a request header, as a secret
    unabridged set 3 origin=https://new.example.org     send the login of a moved feed to this origin
    unabridged set 3 user-agent="My reader"             a User-Agent for this publisher
    unabridged set 3 proxy=http://127.0.0.1:3128        its own proxy; "direct": no proxy at all
    unabridged set 3 interval=30m                       its time between polls; "learned": its own habit
    unabridged set 3 full-text=off                      keep the feed's own text; read no pages
    unabridged set 3 like="Ferry sails again"           choose the list of a page without a feed
    unabridged set example.org cookie=-                 your login cookie for a site

    An empty value (proxy=) resets a setting. `like` is a headline in the list that you want; it can be
    repeated, and the page is read at once. Passwords, headers and cookies are stored unencrypted in the
    database, and are never shown, logged or exported. User, password and headers are sent only to the
    origin (scheme, host and port) of the feed's address, and stay bound to that origin when the feed moves.
    A cookie is sent only to its site and its subdomains, over https, and not after a redirect from another
    host. The check for private addresses applies with a proxy, too.
    """
    cli = get_context(context)
    with cli.archive() as archive:
        if archive_site := _cookie_only_site(archive, feed, changes or []):
            _set_cookie(archive, archive_site, typed_changes(changes or [], FeedSettings(), ask), cli)
            return
        library = archive.library()
        stored = library.subscriptions.feed(feed_number(archive, feed))
        liked, changes = _likes(changes or [])
        if liked is not None:
            _choose_list(archive, stored, liked, cli)
        if changes:
            wanted = typed_changes(changes, archive.feeds.settings(stored.id), ask, url=stored.url)
            _apply(archive, stored, wanted, cli)
        _show(archive, library.subscriptions.feed(stored.id), cli)


def _likes(changes: list[str]) -> tuple[tuple[str, ...] | None, list[str]]:
    """Split changes into headlines (None: none is given) and the others."""
    given = [word.removeprefix("like=") for word in changes if word.startswith("like=")]
    others = [word for word in changes if not word.startswith("like=")]
    return (checked_examples(given) if given else None), others


def _choose_list(archive: Archive, feed: StoredFeed, like: tuple[str, ...], cli: CliContext) -> None:
    """Choose the list of a page that serves as a feed, and print what it has."""
    # only this change asks the network
    from unabridged.poll.feeds.page_lists import choose_list
    from unabridged.poll.poller import open_poller

    async def run() -> Feed:
        async with open_poller(cli.settings, archive) as poller:
            found = (await choose_list(feed, like, poller.context)).feed
            await poller.poll(feed.id)
            return found

    with waiting(cli, host(feed.url) or feed.url):
        found = run_async(run())
    cli.info(f"The page is read as a list of {len(found.entries)} items:")
    if not cli.quiet:
        cli.stderr.print(items_table(found))


def _cookie_only_site(archive: Archive, name: str, changes: list[str]) -> str | None:
    """Return the site if only the cookie of a site is changed, None for a feed."""
    only_cookie = bool(changes) and all(word.startswith("cookie=") for word in changes)
    if not only_cookie or name.isdecimal() or ("://" in name and archive.feeds.find(name)):
        return None
    return cookie_site(name)


def _set_cookie(archive: Archive, site: str, wanted: Changes, cli: CliContext) -> None:
    archive.feeds.set_site_cookie(site, wanted.cookie or None, now=datetime.now(UTC))
    _say_cookie(site, wanted, cli)


def _say_cookie(site: str, wanted: Changes, cli: CliContext) -> None:
    where = site if "://" in site else f"https://{site} and its subdomains"
    cli.info(f"A cookie is sent to {where}." if wanted.cookie else f"No cookie is sent to {where} any more.")


def _apply(archive: Archive, feed: StoredFeed, wanted: Changes, cli: CliContext) -> None:
    apply_changes(
        archive,
        archive.library(),
        feed,
        wanted,
        now=datetime.now(UTC),
        allow_private=cli.settings.fetch.allow_private,
    )
    if wanted.cookie is not None:
        _say_cookie(site_of(feed), wanted, cli)
    if wanted.dropped is not None:
        cli.info(f"The login for {wanted.dropped} is deleted; the new one is for {wanted.asked.origin}.")


def _show(archive: Archive, feed: StoredFeed, cli: CliContext) -> None:
    subscription = archive.library().subscriptions.get(feed.id)
    if (stayed := login_stayed(subscription)) is not None:
        cli.stderr.print(plain(" ".join(stayed), "yellow"))
    shown = {"title": subscription.title, "folder": subscription.folder or "", "url": feed.url}
    shown["interval"] = "learned" if feed.interval is None else format_duration(feed.interval)
    shown["full-text"] = "on" if feed.full_text else "off"
    shown |= masked(archive.feeds.settings(feed.id))
    if (listed := archive.feeds.page_list(feed.id)) is not None:
        shown["like"] = "; ".join(listed.examples) or "the list that was found"
    if cli.json:
        cli.show_json({"id": feed.id, **shown})
        return
    for key, value in shown.items():
        cli.stdout.print(f"{key:12} {value}")


Feeds = Annotated[list[str], typer.Argument(help="Numbers or addresses, as `unabridged list` shows.")]


def pause(context: typer.Context, feeds: Feeds) -> None:
    """Stop polling feeds until they are resumed.

    The articles and the subscription stay. `unabridged resume` continues."""
    cli = get_context(context)
    with cli.archive() as archive:
        for name in feeds:
            archive.library().subscriptions.set_statuses(
                [feed_number(archive, name)], "paused", now=datetime.now(UTC)
            )
            cli.info(f"{name} is paused until `unabridged resume {name}`.")


def resume(context: typer.Context, feeds: Feeds) -> None:
    """Resume feeds that were paused or given up.

    They are due immediately. A feed that its publisher ended (410) is tried once more."""
    cli = get_context(context)
    with cli.archive() as archive:
        library = archive.library()
        for name in feeds:
            number = feed_number(archive, name)
            feed = library.subscriptions.feed(number)
            if feed.status == "active" and not feed.failures:
                cli.info(f"{name} is polled as usual; nothing to do.")
                continue
            library.subscriptions.set_statuses([number], "active", now=datetime.now(UTC))
            cli.info(f"{name} is due at the next poll.")


commands: dict[str, Callable[..., None]] = {"set": set_, "pause": pause, "resume": resume}
