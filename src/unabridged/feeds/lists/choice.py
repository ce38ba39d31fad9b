"""Choice of a page's list of articles among its groups of links: by structure, examples, or known items."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from turbohtml import Element

from unabridged.errors import HeadlineNotFound
from unabridged.feeds.lists.fields import are_dates, learn_date, learn_title, title_of
from unabridged.feeds.lists.groups import Item, LinkGroup, group_of, groups_of, items_of, parts_of
from unabridged.feeds.lists.links import (
    HEADINGS,
    HEADLINE,
    Link,
    ListPage,
    headline_links,
    of_one_site,
    width,
)
from unabridged.feeds.lists.profile import KnownItem
from unabridged.feeds.parsing.values import one_line

LEAST_ITEMS = 3
"""Items from which links of one structure are a list."""
NEARLY_AS_GOOD = 0.4
"""Share of the best list's score from which another list is read too: sections of a front page."""
AS_GOOD = 0.8
"""The same share for a list without dates and with other addresses, if the best list has dates."""
MOST_LISTS = 6
MOST_OTHERS = 6
SHOWN_OF_OTHER = 3
"""Lists that are offered in the place of the chosen one, and headlines that show what each is."""
_SCORED = 30
"""Items of a group that are scored."""
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?\d{1,2}|\d{5,}|/[\w%]+-[\w%]+-[\w%-]+|[/_-]\d{3,}|\.s?html?$|/(?:article|post|news|story|entry|p)/"
    r"|[?&](?:id|p|aid|article|story|nid)=\w+",
    re.IGNORECASE,
)
_POPULAR = re.compile(
    r"most (?:read|viewed|popular|shared)|popular|trending|editor.?s.? picks|meistgelesen|beliebt|plus lus"
    r"|populaires|más (?:leíd|vist)|mais lid|più lett|mest läst|mest lest|meest gelezen|najczęściej"
    r"|najpopularniejsze|популярн|самое читаемое|热门|熱門|排行|人気|ランキング|많이 본|الأكثر قراءة|הנקראות",
    re.IGNORECASE,
)
_POPULAR_WITHIN = 3
NEVER_CHANGES = 0.1
"""Factor for a group that stood on every version of a page whose other links changed."""
_ALIKE = 0.85
"""Ratio of two headlines from which they are the same with a typing error."""
_MOST_COMPARED = 2_000

NOWHERE = (
    "“{example}” stands nowhere on {url}. Copy a headline as the page shows it now. If a browser shows it "
    "there, a script builds the list, and the page cannot be read as a feed."
)
NO_LIST = (
    "“{example}” stands on {url}, but in no list of links. Give a headline that stands among others like it."
)
POINT = 'If it lists articles, point at one of them: `--like "a headline"`.'


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenList:
    """A list of a page: its group of links, and its items with their titles and the place of these.

    dated: the items have dates of one form. furniture: as in `ItemPattern`.
    """

    group: LinkGroup
    items: tuple[Item, ...]
    titles: tuple[str, ...]
    title_place: str
    score: float = 0.0
    dated: bool = False
    furniture: bool = False


def choose_lists(
    page: ListPage, *, unchanged: Collection[str] = (), now: datetime | None = None
) -> tuple[ChosenList, ...]:
    """Return the lists of articles of a page, the best first; () if it has none.

    unchanged: addresses that stood on all versions of the page.
    """
    made = [one for group in groups_of(page) if (one := _as_list(group)) is not None]
    scored = [_scored(one, unchanged, now) for one in made]
    lists = sorted((one for one in scored if one.score > 0), key=lambda one: -one.score)
    if not lists or len(lists[0].items) < LEAST_ITEMS:
        lists = [one for one in lists if len(one.items) >= LEAST_ITEMS]
    if not lists:
        return ()
    kept = lists[:1]
    for one in lists[1:]:
        if one.score >= _least_share(one, lists[0]) * lists[0].score and not _repeats(one, kept):
            kept.append(one)
    kept += _leading_items(made, kept)
    return tuple(kept[:MOST_LISTS])


def _as_list(group: LinkGroup) -> ChosenList | None:
    """Return a group as a list: without the links to other sites if most headlines lead to its own."""
    return _as_list_of_any(group, of_one_site(group.links))


def _as_list_of_any(group: LinkGroup, links: Sequence[Link] | None = None) -> ChosenList | None:
    """Return a group, or some of its links, as a list; None if nothing is left of it."""
    kept = headline_links(group.links if links is None else links)
    if not kept:
        return None
    own = group if len(kept) == len(group.links) else group_of(kept)
    items = items_of(own.links, own.levels, own.run)
    place = learn_title(items)
    titles = tuple(title_of(item, place) for item in items)
    return ChosenList(group=own, items=tuple(items), titles=titles, title_place=place)


def _least_share(one: ChosenList, best: ChosenList) -> float:
    """Return the share of the best list's score that another list must reach to be read too."""
    if one.dated or not best.dated:
        return NEARLY_AS_GOOD
    alike = address_shapes(best)
    like = sum(1 for item in one.items if address_shape(item.link.url) in alike)
    return NEARLY_AS_GOOD if 2 * like >= len(one.items) else AS_GOOD


def _repeats(one: ChosenList, kept: Sequence[ChosenList]) -> bool:
    """Say whether a list has mostly titles that lists before it have: other links of the same items."""
    known = {title for other in kept for title in other.titles}
    return sum(1 for title in one.titles if title in known) > 0.6 * len(one.titles)


def _scored(one: ChosenList, unchanged: Collection[str], now: datetime | None) -> ChosenList:
    dated = bool(learn_date(one.items[:12], one.titles, None, now).place)
    return replace(one, dated=dated, score=_score(replace(one, dated=dated), unchanged, now))


def _score(one: ChosenList, unchanged: Collection[str], now: datetime | None) -> float:
    """Say how much a list looks like one of articles: 0 for not at all."""
    count = len(one.items)
    widths = sorted(map(width, one.titles))
    middle = widths[count // 2]
    if count < 2 or middle < HEADLINE or _distinct(one.titles) < 0.6:
        return 0.0
    if are_dates(one.titles[:_SCORED], now):
        return 0.0
    shown = one.items[:_SCORED]
    paths = sum(1 for item in shown if _ARTICLE_PATH.search(_path(item.link.url))) / len(shown)
    headed = any(tag in HEADINGS for tag, _ in one.group.steps[: one.group.levels + 1])
    headed = headed or one.title_place[:2] in HEADINGS
    score = min(count, 30) * min(middle, 60) * (0.3 + paths) * (1.5 if headed else 1.0)
    score *= 1.0 if all(item.link.own for item in shown) else 0.6
    score *= 1.6 if one.dated else 1.0
    if is_popular(one):
        score *= 0.25
    addresses = one.group.urls
    if unchanged and len(addresses) > 1 and addresses <= set(unchanged):
        score *= NEVER_CHANGES
    return score


def _distinct(titles: Sequence[str]) -> float:
    return len(set(titles)) / len(titles)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_popular(one: ChosenList) -> bool:
    """Say whether a list has a heading such as "Most read"."""
    element = one.items[0].parts[0]
    for ancestor, _ in zip(element.ancestors, range(_POPULAR_WITHIN), strict=False):
        if not isinstance(ancestor, Element) or ancestor.tag in ("body", "main", "html"):
            return False
        head = next((node for node in ancestor.children if isinstance(node, Element)), None)
        if (
            head is None
            or len(head.text) > 80
            or any(part is head for item in one.items for part in item.parts)
        ):
            continue
        if _POPULAR.search(head.text):
            return True
    return False


def _leading_items(made: Sequence[ChosenList], kept: Sequence[ChosenList]) -> list[ChosenList]:
    """Return the single items in front of the list whose addresses and titles are like its own."""
    best = kept[0]
    held = {url for one in kept for url in one.group.urls}
    shape = address_shapes(best)
    first = best.items[0].link.order
    return [
        one
        for one in made
        if len(one.items) < LEAST_ITEMS
        and one not in kept
        and not one.group.urls & held
        and max(item.link.order for item in one.items) < first
        and all(width(title) >= 20 for title in one.titles)
        and (any(tag in HEADINGS for tag, _ in one.group.steps[:4]) or one.title_place[:2] in HEADINGS)
        and all(item.link.own and address_shape(item.link.url) in shape for item in one.items)
    ]


def address_shapes(one: ChosenList) -> frozenset[str]:
    """Return the forms of the addresses of a list's items."""
    return frozenset(address_shape(item.link.url) for item in one.items)


def address_shape(url: str) -> str:
    """Return the form of an address: its first folder if it is a word, and what kinds of parts follow."""
    parts = [part for part in urlsplit(url).path.split("/") if part]
    kinds = ["n" if part.isdecimal() else "s" for part in parts[1:]]
    head = parts[0] if len(parts) > 1 and parts[0].isalpha() else ""
    return "/".join((head, *kinds, *(["?"] if urlsplit(url).query else [])))


def folded(text: str) -> str:
    """Return a headline as it is compared: no case, punctuation and spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def choose_by_examples(page: ListPage, examples: Sequence[str]) -> tuple[ChosenList, ...]:
    """Return the lists that the examples stand in, one for each example at most.

    examples: headlines, or addresses of items. Raises HeadlineNotFound for one that stands in none.
    """
    found: list[ChosenList] = []
    for example in examples:
        if not any(_holds(one, example) for one in found):
            found.append(_list_with(page, example))
    return tuple(found[:MOST_LISTS])


def _list_with(page: ListPage, example: str) -> ChosenList:
    """Return the list with the most items among those that an example stands in."""
    made = [
        replace(one, furniture=all(item.link.furniture for item in one.items))
        for whole in groups_of(page, furniture=True)
        for group in parts_of(whole)
        if (one := _as_list_of_any(group)) is not None
    ]
    holding = [one for one in made if _holds(one, example)] or [
        one for one in made if _holds_nearly(one, example)
    ]
    lists = [one for one in holding if len(one.items) > 1]
    if lists:
        return max(lists, key=lambda one: (_exact(one, example), not one.furniture, len(one.items)))
    shown = one_line(example)[:200]
    wanted = folded(example)
    template = NO_LIST if holding or (wanted and wanted in folded(_text_of(page))) else NOWHERE
    raise HeadlineNotFound(template.format(example=shown, url=page.url))


def _text_of(page: ListPage) -> str:
    root = page.document.root
    return root.text if root is not None else ""


def _holds(one: ChosenList, example: str) -> bool:
    """Say whether a list has an item with this headline or address."""
    if "://" in example:
        return example.partition("#")[0].rstrip("/") in {item.link.url.rstrip("/") for item in one.items}
    wanted = folded(example)
    return bool(wanted) and any(_is_title(wanted, folded(title)) for title in one.titles)


def _is_title(wanted: str, title: str) -> bool:
    return title == wanted or (len(wanted) >= 8 and wanted in title) or (len(title) >= 12 and title in wanted)


def _exact(one: ChosenList, example: str) -> bool:
    return "://" in example or folded(example) in map(folded, one.titles)


def _holds_nearly(one: ChosenList, example: str) -> bool:
    """Say whether a list has an item whose headline is the same but for a typing error."""
    wanted = folded(example)[:300]
    if len(wanted) < 8:
        return False
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for title in one.titles[:_MOST_COMPARED]:
        matcher.set_seq1(folded(title)[:300])
        if (
            matcher.real_quick_ratio() >= _ALIKE
            and matcher.quick_ratio() >= _ALIKE
            and matcher.ratio() >= _ALIKE
        ):
            return True
    return False


def other_lists(page: ListPage, taken: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the first headlines of each list of a page besides the one that is taken, the largest first.

    taken: addresses of its items. A part of it that is a list of its own counts.
    """
    found: list[tuple[int, tuple[str, ...]]] = []
    known = set(taken)
    for group in (part for whole in groups_of(page, furniture=True) for part in parts_of(whole)):
        one = _as_list_of_any(group)
        if one is None or len(one.items) < LEAST_ITEMS or len(group.urls & known) > 0.9 * len(known):
            continue
        middle = sorted(map(width, one.titles))[len(one.titles) // 2]
        if middle >= 12 and _distinct(one.titles) >= 0.6 and not are_dates(one.titles[:_SCORED], None):
            found.append((min(len(one.items), 30) * min(middle, 60), one.titles[:SHOWN_OF_OTHER]))
    return tuple(titles for _, titles in sorted(found, key=lambda pair: -pair[0])[:MOST_OTHERS])


def choose_by_known(page: ListPage, known: Sequence[KnownItem]) -> tuple[ChosenList, ...]:
    """Return the lists that hold items known from before.

    A list counts with two of them that are a quarter of its items, or with four.
    """
    addresses = {item.url for item in known}
    titles = {folded(item.title) for item in known if width(item.title) >= 12}
    found = []
    for group in groups_of(page, furniture=True):
        one = _as_list_of_any(group)
        if one is None:
            continue
        hits = sum(
            item.link.url in addresses or folded(title) in titles
            for item, title in zip(one.items, one.titles, strict=True)
        )
        if hits >= 2 and (4 * hits >= len(one.items) or hits >= 4):
            furniture = all(item.link.furniture for item in one.items)
            found.append(replace(one, score=hits, furniture=furniture))
    best = sorted(found, key=lambda one: (one.furniture, -one.score))
    kept: list[ChosenList] = []
    for one in best:
        held = {url for other in kept for url in other.group.urls}
        if not one.group.urls <= held and not (kept and one.furniture):
            kept.append(one)
    return tuple(kept[:MOST_LISTS])
