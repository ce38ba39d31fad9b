"""Learning of a page's list: which links, and where the items have title, date, summary and picture."""

from collections.abc import Collection, Sequence
from datetime import datetime

from unabridged.errors import FeedError, NotAFeed
from unabridged.feeds.lists.choice import (
    POINT,
    ChosenList,
    address_shape,
    choose_by_examples,
    choose_by_known,
    choose_lists,
    is_popular,
)
from unabridged.feeds.lists.fields import (
    DateForm,
    elements_in,
    learn_date,
    learn_summary,
    learn_title,
    title_of,
)
from unabridged.feeds.lists.groups import Item, item_levels, items_of
from unabridged.feeds.lists.links import ListPage, headline_links
from unabridged.feeds.lists.patterns import link_selectors, select_links
from unabridged.feeds.lists.profile import NO_ITEMS, ItemPattern, KnownItem, ListProfile

LIKE_KNOWN = 0.6
"""Share of a list's addresses that must have the form of known ones if none of the known items is left."""


def learn_list(
    pages: Sequence[ListPage],
    *,
    examples: Sequence[str] = (),
    known: Sequence[KnownItem] = (),
    now: datetime | None = None,
) -> ListProfile:
    """Learn the list of a page from its versions, the present one last.

    examples: headlines or addresses of items that a person pointed at. known: items read before; without
    examples, the lists that hold them are chosen. Raises NotAFeed if no list is found, HeadlineNotFound
    for an example that stands in none.
    """
    page = pages[-1]
    if examples:
        chosen, chosen_by = choose_by_examples(page, examples), "example"
    elif known:
        chosen, chosen_by = choose_by_known(page, known), "known"
    else:
        chosen, chosen_by = choose_lists(page, unchanged=_unchanged(pages), now=now), "structure"
    if not chosen:
        raise NotAFeed(page.url, NO_ITEMS, POINT)
    patterns = tuple(_learn_pattern(one, pages, now) for one in chosen)
    return ListProfile(patterns=patterns, chosen_by=chosen_by, pages=len(pages))


def _unchanged(pages: Sequence[ListPage]) -> frozenset[str]:
    """Return the addresses that stand on all versions of a page, if others do not."""
    if len(pages) < 2:
        return frozenset()
    versions = [frozenset(link.url for link in page.links if not link.furniture) for page in pages]
    common = frozenset.intersection(*versions)
    return common if any(version != common for version in versions) else frozenset()


def learn_by_addresses(page: ListPage, shapes: Collection[str], *, now: datetime | None) -> ListProfile:
    """Learn the lists of a page whose addresses have known forms. Raises NotAFeed if there is none.

    shapes: see `address_shape`.
    """
    chosen = [
        one
        for one in choose_lists(page, now=now)
        if not is_popular(one)
        and LIKE_KNOWN * len(one.items) <= sum(address_shape(item.link.url) in shapes for item in one.items)
    ]
    if not chosen:
        raise NotAFeed(page.url, NO_ITEMS, POINT)
    return ListProfile(
        patterns=tuple(_learn_pattern(one, [page], now) for one in chosen), chosen_by="addresses"
    )


def _learn_pattern(one: ChosenList, pages: Sequence[ListPage], now: datetime | None) -> ItemPattern:
    selector, items = _stable_selector(one, pages)
    title_place = one.title_place if len(items) == len(one.items) else learn_title(items)
    titles = [title_of(item, title_place) for item in items]
    language = pages[-1].language
    date = learn_date(items, titles, language, now)
    return ItemPattern(
        link=selector,
        levels=one.group.levels,
        run=one.group.run,
        title=title_place,
        date=date.place,
        order=date.order,
        form=date.form,
        summary=learn_summary(items, titles),
        picture=any(element.tag == "img" for item in one.items[:3] for element in elements_in(item.parts)),
        furniture=one.furniture,
        items=len(one.items),
        dated=_dated(one.items, date),
    )


def _dated(items: Sequence[Item], date: DateForm) -> int:
    return len(items) if date.place else 0


def _stable_selector(one: ChosenList, pages: Sequence[ListPage]) -> tuple[str, list[Item]]:
    """Return the selector that finds items on every version of the page, and the items of all versions."""
    best: tuple[str, list[Item]] = ("", list(one.items))
    most = -1
    for selector in link_selectors(one.group, pages[-1], furniture=one.furniture):
        found = [_items(page, selector, one) for page in pages[:-1]]
        versions = sum(1 for items in found if items)
        if versions > most:
            earlier = {item.link.url: item for items in found for item in items}
            fresh = [item for url, item in earlier.items() if url not in one.group.urls]
            most, best = versions, (selector, [*one.items, *fresh])
        if versions == len(found):
            break
    return best


def _items(page: ListPage, selector: str, one: ChosenList) -> list[Item]:
    links = headline_links(select_links(page, selector, furniture=one.furniture))
    return items_of(links, one.group.levels, one.group.run)


def profile_of_selector(page: ListPage, selector: str) -> ListProfile:
    """Return the profile of the links that a CSS selector means. Raises FeedError for none or a bad one."""
    links = select_links(page, selector, furniture=True)
    if not links:
        raise FeedError(f"The selector {selector[:200]!r} finds no link on {page.url}.")
    pattern = ItemPattern(link=selector, levels=item_levels(links), furniture=True, items=len(links))
    return ListProfile(patterns=(pattern,), chosen_by="selector")
