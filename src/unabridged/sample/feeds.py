"""Writes the sample's short feeds: three lines an article in RSS 2.0, RDF, Atom and JSON Feed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from unabridged.errors import ConfigError
from unabridged.sample.layout import FeedSource
from unabridged.sample.render import SHARED_TEMPLATES, Stage, environment

CONTENT_TYPES: Final = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a short feed, as it will be written. date: as the feed's format writes it; "" for none."""

    guid: str
    link: str
    title: str
    summary: str
    authors: tuple[str, ...] = ()
    date: str = ""
    tags: tuple[str, ...] = ()


Variant = Callable[[tuple[Item, ...], int], tuple[Item, ...]]
"""A way in which feeds go wrong: (items, how often the feed was asked for before) -> items."""


def write_feed(stage: Stage, feed: FeedSource, asked: int = 0) -> bytes:
    """A feed of the site's articles. asked: how often it was asked for before (some change every time)."""
    items = _items(stage, feed)
    if feed.variant:
        if feed.variant not in VARIANTS:
            known = ", ".join(sorted(VARIANTS))
            raise ConfigError(f"{feed.path}: there is no variant {feed.variant!r}. There are: {known}.")
        items = VARIANTS[feed.variant](items, asked)
    if feed.format == "json":
        return _write_json(stage, feed, items)
    if feed.format not in CONTENT_TYPES:
        raise ConfigError(
            f"{feed.path}: {feed.format!r} is no format of feeds: use {', '.join(CONTENT_TYPES)}."
        )
    template = environment((stage.site.folder / "templates", SHARED_TEMPLATES)).get_template(
        f"{feed.format}.xml"
    )
    charset = stage.site.feed_charset
    text = template.render(
        site=stage.site, origin=stage.origin, feed=feed, items=items, charset=charset, stamp=_stamp(stage)
    )
    return text.encode(charset, errors="xmlcharrefreplace")


def _stamp(stage: Stage) -> datetime:
    """Return when the newest article was published: a feed changes when its articles do."""
    dates = [item.first.published for item in stage.articles() if item.first.published]
    return max(dates, default=datetime(2025, 1, 1, tzinfo=UTC))


def _items(stage: Stage, feed: FeedSource) -> tuple[Item, ...]:
    articles = [item for item in stage.articles() if item.at(stage.events).status == 200]
    if feed.articles:
        by_slug = {item.slug: item for item in articles}
        articles = [by_slug[slug] for slug in feed.articles if slug in by_slug]
    if feed.section:
        articles = [item for item in articles if item.first.section == feed.section]
    items = []
    for source in articles:
        state = source.at(stage.events)
        date = _written_date(feed.format, state.published) if state.published else ""
        items.append(
            Item(
                guid=f"tag:{stage.site.name},2025:{source.slug}",
                link=stage.origin + state.path,
                title=state.title,
                summary=state.summary,
                authors=state.authors,
                date=date,
                tags=state.tags,
            )
        )
    return tuple(items)


def _written_date(format_: str, at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S %z") if format_ == "rss" else at.isoformat()


def _write_json(stage: Stage, feed: FeedSource, items: tuple[Item, ...]) -> bytes:
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title or stage.site.title,
        "description": stage.site.description,
        "home_page_url": stage.origin + "/",
        "feed_url": stage.origin + feed.path,
        "language": stage.site.language,
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def _json_item(item: Item) -> Mapping[str, object]:
    made: dict[str, object] = {
        "id": item.guid,
        "url": item.link,
        "title": item.title,
        "content_text": item.summary,
    }
    if item.authors:
        made["authors"] = [{"name": name} for name in item.authors]
    if item.date:
        made["date_published"] = item.date
    if item.tags:
        made["tags"] = list(item.tags)
    return made


def _changing_guids(items: tuple[Item, ...], asked: int) -> tuple[Item, ...]:
    return tuple(replace(item, guid=f"{item.guid}#{asked}") for item in items)


def _no_guids(items: tuple[Item, ...], asked: int) -> tuple[Item, ...]:
    return tuple(replace(item, guid="") for item in items)


def _duplicates(items: tuple[Item, ...], asked: int) -> tuple[Item, ...]:
    """The same articles under other ids and links with trackers, each twice."""
    tracked = [
        replace(item, guid=f"copy-{item.guid}", link=f"{item.link}?utm_source=rss&utm_medium=feed")
        for item in items
    ]
    again = [replace(item, guid=f"again-{item.guid}", link=f"{item.link}#top") for item in items]
    return (*tracked, *again)


def _no_dates(items: tuple[Item, ...], asked: int) -> tuple[Item, ...]:
    return tuple(replace(item, date="") for item in items)


def _wrong_dates(items: tuple[Item, ...], asked: int) -> tuple[Item, ...]:
    """In the future, at the epoch, in words, with a thirteenth month, without a year."""
    future = datetime(2099, 1, 1, tzinfo=UTC) + timedelta(hours=1)
    wrong = (
        _written_date("rss", future),
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "yesterday",
        "2025-13-45T99:99:99Z",
        "11 Mar",
    )
    return tuple(replace(item, date=wrong[n % len(wrong)]) for n, item in enumerate(items))


VARIANTS: Final[Mapping[str, Variant]] = {
    "changing-guids": _changing_guids,
    "no-guids": _no_guids,
    "duplicates": _duplicates,
    "no-dates": _no_dates,
    "wrong-dates": _wrong_dates,
}
