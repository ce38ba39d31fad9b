"""The number of a feed or an article that a person named, by its number or its address."""

from unabridged.archive.facade.archive import Archive
from unabridged.errors import NotFound, without_login


def feed_number(archive: Archive, name: str) -> int:
    """Return a feed's number for what a person typed. Raises NotFound."""
    if name.isdecimal():
        return archive.library().subscriptions.get(int(name)).feed.id
    feed = archive.feeds.find(name)
    if feed is None:
        shown = without_login(name)
        raise NotFound(f"There is no subscription {shown}. `unabridged list` shows numbers and addresses.")
    return feed.id


def article_number(archive: Archive, name: str) -> int:
    """Return an article's number for what a person typed (a number or an address). Raises NotFound."""
    library = archive.library()
    if name.isdecimal():
        return library.articles.get(int(name)).id
    found = library.articles.find(name)
    if found is None:
        shown = without_login(name)
        raise NotFound(
            f"No article is kept for {shown}. Give its number (unabridged --json export) or address."
        )
    return found.id
