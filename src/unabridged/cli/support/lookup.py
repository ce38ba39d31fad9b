"""The number of a feed or an article that a person named, by its number or its address."""

from unabridged.archive.facade.archive import Archive
from unabridged.errors import NotFound, without_login


def feed_number(archive: Archive, name: str) -> int:
    """Return a feed's number for what a person typed. Raises NotFound."""
    if name.isdecimal():
        return archive.subscription(int(name)).feed.id
    feed = archive.find_feed(name)
    if feed is None:
        shown = without_login(name)
        raise NotFound(f"There is no subscription {shown}. `unabridged list` shows numbers and addresses.")
    return feed.id


def article_number(archive: Archive, name: str) -> int:
    """Return an article's number for what a person typed (a number or an address). Raises NotFound."""
    if name.isdecimal():
        return archive.article(int(name)).id
    found = archive.find_article(name)
    if found is None:
        shown = without_login(name)
        raise NotFound(
            f"No article is kept for {shown}. Give its number (unabridged --json export) or address."
        )
    return found.id
