"""Pages with lists for tests, from the generator of the bench."""

import random
from collections.abc import Sequence

from bench.list_pages import LANGUAGES, LAYOUTS, Layout, MadePage, Maker, Story, first_stories, written
from unabridged.feeds.lists.links import ListPage, parse_list_page
from unabridged.model import Entry


def layout_named(name: str) -> Layout:
    return next(layout for layout in LAYOUTS if layout.name == name)


def maker_of(tag: str, seed: int = 5) -> Maker:
    language = next(one for one in LANGUAGES if one.tag == tag)
    return Maker(language=language, draw=random.Random(f"{seed} {tag}"))


def made(name: str, tag: str = "en") -> tuple[Maker, list[Story], MadePage]:
    """Return the first page of a layout, with its maker and stories."""
    maker, layout = maker_of(tag), layout_named(name)
    stories = first_stories(maker, layout)
    return maker, stories, written(maker, layout, stories)


def parsed(name: str, tag: str = "en") -> ListPage:
    _, _, page = made(name, tag)
    return parse_list_page(page.html, page.url)


def addresses(entries: Sequence[Entry]) -> list[str]:
    return [(entry.url or "").partition("?")[0] for entry in entries]
