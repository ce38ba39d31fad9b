"""Feed Creator of FiveFilters: parameters at extract.php, and the items of the feed that it makes. Pure."""

from email.utils import format_datetime

from unabridged.config import FullTextSettings
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.model import Feed
from unabridged.serve.full_text.fivefilters import EXTRACT_FIELDS
from unabridged.serve.full_text.request_fields import Fields
from unabridged.serve.full_text.rss import Node, node

OWN = frozenset(
    "item item_title item_url item_desc item_date item_date_format item_image in_id_or_class url_contains "
    "unique_url order guid feed_title".split()
)
FIELDS = EXTRACT_FIELDS | OWN
LONGEST = 1_000
"""Characters of a selector."""


def is_asked(fields: Fields) -> bool:
    """Say whether a request of extract.php is one of Feed Creator."""
    return any(fields.get(name) for name in OWN if name.startswith("item")) or bool(
        fields.get("in_id_or_class")
    )


def read_selectors(fields: Fields, settings: FullTextSettings) -> ItemSelectors:
    """Read the parameters of a request."""

    def text(name: str) -> str:
        return fields.get(name).strip()[:LONGEST]

    most = text("max")
    known = int(most) if most.isascii() and most.isdigit() and len(most) < 10 else 0
    guid = text("guid").lower()
    return ItemSelectors(
        item=text("item"),
        in_id_or_class=text("in_id_or_class"),
        title=text("item_title"),
        url=text("item_url"),
        description=text("item_desc"),
        date=text("item_date"),
        date_format=text("item_date_format"),
        image=text("item_image"),
        url_contains=tuple(filter(None, (part.strip() for part in text("url_contains").split(",")))),
        unique_url=fields.is_on("unique_url"),
        order=text("order").lower(),
        guid=("url", "title") if guid in ("1", "both") else tuple(p for p in ("url", "title") if p in guid),
        most=min(known or settings.max_items, settings.max_items),
        feed_title=text("feed_title"),
    )


def created_items(feed: Feed) -> list[list[Node]]:
    """Return the items of a feed that selectors made."""
    return [
        [
            node("title", entry.title),
            node("link", entry.url),
            node("guid", entry.guid, isPermaLink="false") if entry.guid else node("guid"),
            node("description", entry.summary_html),
            node("pubDate", format_datetime(entry.published.at) if entry.published else None),
            node("media:content", url=entry.lead_image, medium="image")
            if entry.lead_image
            else node("media:content"),
        ]
        for entry in feed.entries
    ]
