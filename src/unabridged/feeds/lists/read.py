"""Reading of a page by the profile of its list: a Feed of its items, in the page's order."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from unabridged.errors import ListVanished, NotAFeed
from unabridged.feeds.lists.choice import (
    POINT,
    address_shape,
    choose_by_known,
    folded,
    other_lists,
)
from unabridged.feeds.lists.fields import DateForm, date_of, picture_of, summary_of, title_of
from unabridged.feeds.lists.groups import Item, items_of
from unabridged.feeds.lists.learn import learn_by_addresses, learn_list, profile_of_selector
from unabridged.feeds.lists.links import ListPage, headline_links, of_one_site, parse_list_page
from unabridged.feeds.lists.patterns import select_links
from unabridged.feeds.lists.profile import (
    NO_ITEMS,
    ItemPattern,
    KnownItem,
    ListProfile,
    ListReading,
    ListState,
)
from unabridged.model import Entry, Feed

MAX_ITEMS = 200
"""Most items that a page gives."""
MAX_KNOWN = 200
"""Items that are remembered as labels."""
VERSIONS = 3
"""Versions of a page that a list is learnt from."""
MAX_VERSION = 1_000_000
"""Bytes of a version that is kept."""
FEW = 0.25
"""Share of the usual number of items below which a list may have moved to another place."""

VANISHED = (
    "{url} matches nothing any more: its list has no items, and the items known from before stand nowhere "
    "else on it. The page may have been redesigned."
)


def feed_from_page(
    html: bytes | str, url: str, *, links: str | None = None, now: datetime | None = None
) -> Feed:
    """Return the feed that the list of a page makes, in the page's order.

    links: a CSS selector of the links to articles, for pages where they are not found by themselves.
    Raises NotAFeed if the page has no list, FeedError for a selector that is none or finds nothing.
    """
    page = parse_list_page(html, url)
    profile = learn_list([page], now=now) if links is None else profile_of_selector(page, links)
    return feed_of(page, profile, now)


def read_list(html: bytes, url: str, state: ListState, *, now: datetime) -> ListReading:
    """Read a page by what is known about its list; learn it first, or again if that fits no more.

    Raises NotAFeed if the page has no list, HeadlineNotFound if an example stands in none, ListVanished if
    the list that was read before is gone.
    """
    page = parse_list_page(html, url)
    profile, learnt = _profile_for(page, state, now)
    feed = feed_of(page, profile, now)
    known = tuple(KnownItem(url=one.url or "", title=one.title) for one in feed.entries[:MAX_KNOWN])
    changed = known != state.known
    kept = (*state.pages, html)[-VERSIONS:] if changed and len(html) <= MAX_VERSION else state.pages
    after = ListState(profile=profile, examples=state.examples, known=known, pages=kept)
    others = () if state.profile is not None else other_lists(page, [one.url or "" for one in feed.entries])
    return ListReading(feed=feed, state=after, learnt=learnt, others=others)


def _profile_for(page: ListPage, state: ListState, now: datetime) -> tuple[ListProfile, bool]:
    """Return the profile that a page is read by, and whether it is a new one."""
    profile = state.profile
    if profile is None:
        return _first_profile(page, state, now), True
    found = found_items(page, profile)
    if _fits(found, page, state):
        changed = {one.link.url for _, one, _ in found} != {item.url for item in state.known}
        return _refined(page, profile, state, now) if changed and _grows(profile, state) else (profile, False)
    try:
        again = learn_list([page], known=state.known, now=now)
        if found_items(page, again):
            return again, True
    except NotAFeed:
        pass
    if found:
        return profile, False
    return _like_known(page, state, now), True


def _first_profile(page: ListPage, state: ListState, now: datetime) -> ListProfile:
    """Learn a page's list, by known items if there are any: the examples may have left the page."""
    if state.known:
        with suppress(NotAFeed):
            return learn_list([page], known=state.known, now=now)
    return learn_list([page], examples=state.examples, now=now)


def _fits(found: Sequence[tuple[ItemPattern, Item, str]], page: ListPage, state: ListState) -> bool:
    """Say whether a profile still finds its list: enough items, and known ones if the page has any."""
    assert state.profile is not None
    if not found or len(found) < FEW * state.profile.items:
        return False
    addresses = {item.url for item in state.known}
    titles = {folded(item.title) for item in state.known}
    if not addresses or any(one.link.url in addresses or folded(title) in titles for _, one, title in found):
        return True
    return not choose_by_known(page, state.known)


def _grows(profile: ListProfile, state: ListState) -> bool:
    """Say whether there are more versions of the page than the profile was learnt from."""
    return profile.chosen_by == "structure" and profile.pages <= len(state.pages) < VERSIONS


def _refined(
    page: ListPage, profile: ListProfile, state: ListState, now: datetime
) -> tuple[ListProfile, bool]:
    """Learn again from one more version; the profile stays if no list is found then."""
    versions = [parse_list_page(html, page.url) for html in state.pages]
    try:
        again = learn_list([*versions, page], now=now)
    except NotAFeed:
        return profile, False
    return again, True


def _like_known(page: ListPage, state: ListState, now: datetime) -> ListProfile:
    """Return the profile of the page's list if its addresses are like those known. Raises ListVanished."""
    shapes = {address_shape(item.url) for item in state.known}
    try:
        return learn_by_addresses(page, shapes, now=now)
    except NotAFeed:
        raise ListVanished(VANISHED.format(url=page.url)) from None


def found_items(page: ListPage, profile: ListProfile) -> list[tuple[ItemPattern, Item, str]]:
    """Return the items of a page with their patterns and titles, each address once, in the page's order."""
    best: dict[str, tuple[ItemPattern, Item, str]] = {}
    for pattern in profile.patterns:
        links = headline_links(of_one_site(select_links(page, pattern.link, furniture=pattern.furniture)))
        for item in items_of(links, pattern.levels, pattern.run):
            title = title_of(item, pattern.title)
            if title:
                best.setdefault(item.link.url, (pattern, item, title))
    return sorted(best.values(), key=lambda found: found[1].link.order)[:MAX_ITEMS]


def feed_of(page: ListPage, profile: ListProfile, now: datetime | None) -> Feed:
    """Return the items of a page as a feed. Raises NotAFeed if there are none."""
    found = found_items(page, profile)
    if not found:
        raise NotAFeed(page.url, NO_ITEMS, POINT)
    return Feed(
        url=page.url,
        format="page",
        title=page.title,
        site_url=page.url,
        language=page.language,
        entries=tuple(_entry(pattern, item, title, page, now) for pattern, item, title in found),
    )


def _entry(pattern: ItemPattern, item: Item, title: str, page: ListPage, now: datetime | None) -> Entry:
    form = DateForm(place=pattern.date, order=pattern.order, form=pattern.form)
    return Entry(
        guid=item.link.url,
        url=item.link.url,
        title=title,
        published=date_of(item, title, form, page.language, now),
        summary_html=summary_of(item, title, pattern.summary),
        language=page.language,
        lead_image=picture_of(item, page.base) if pattern.picture else None,
        base=page.base,
    )
