"""Features of every block of a page, as one table: a row per block, a column per feature.

Everything works on whole columns. The size of a block is counted in words (a Han or kana letter is 0.6 of a
word). "Prose" is the size of blocks that read like paragraphs: several words, punctuated, few links.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.columns import (
    ABOVE,
    AROUND,
    HOLDING,
    LEVELS,
    NEIGHBOURLY,
    PLACES,
    TAG_GROUPS,
    WIDTHS,
    Columns,
    Floats,
    Ints,
    PageArrays,
    prefix_sums,
)
from unabridged.extraction.selection.page_claims import HeadClaims
from unabridged.extraction.selection.token_tables import TokenTables

CAPTION_CHARACTERS = 700
"""A longer block is not a caption, whatever its container is called."""
MAX_COUNTED = 50_000
"""Maximum characters of a block that are counted."""

_OTHER, _SPACE, _CJK, _COMMA, _STOP, _DIGIT, _UPPER, _SIGN, _QUOTE = range(9)
_CLASS_COUNT = 9


def _character_classes() -> NDArray[np.uint8]:
    """Return the class of every character of the Basic Multilingual Plane; characters beyond count as
    ideographs."""
    table = np.zeros(0x10000, dtype=np.uint8)
    table[[code for code in range(0x600) if chr(code).isupper()]] = _UPPER
    table[ord(" ")] = _SPACE
    table[ord("0") : ord("9") + 1] = _DIGIT
    for start, end in (
        (0x3040, 0x3100),
        (0x3400, 0x4DC0),
        (0x4E00, 0xA000),
        (0xF900, 0xFB00),
        (0xFFFF, 0x10000),
    ):
        table[start:end] = _CJK
    for characters, kind in ((",;，、؛،；", _COMMA), (".!?。！？…؟।", _STOP), ("|»«›‹>·•/©→@#+", _SIGN)):
        table[[ord(character) for character in characters]] = kind
    table[[ord(character) for character in "\"'“”‘’「」『』„"]] = _QUOTE
    return table


_CLASSES = _character_classes()


@dataclass(slots=True)
class PageFeatures:
    """The features of a page.

    rows: the table for the network. columns: the same by name. titled: the title's block, -1 for none.
    captions: flags of the blocks in captions.
    """

    rows: NDArray[np.float32]
    columns: Columns
    arrays: PageArrays
    titled: int
    captions: NDArray[np.bool_]


def measure_blocks(layout: Layout, claims: HeadClaims, tables: TokenTables) -> PageFeatures:
    """Compute the features of every block of a page with at least one block."""
    columns = Columns(len(layout.texts))
    arrays = _characters(layout, columns)
    _evidence(arrays, tables, columns)
    _tags(arrays, columns)
    _title_similarity(arrays, claims, columns)
    _ancestors(arrays, columns)
    _holders(arrays, columns)
    _signatures(arrays, columns)
    _place(arrays, columns)
    titled = _titles(arrays, claims, columns)
    _neighbours(arrays, columns)
    captions = caption_blocks(layout)
    return PageFeatures(columns.table.astype(np.float32).T, columns, arrays, titled, captions)


def caption_blocks(layout: Layout) -> NDArray[np.bool_]:
    """Flag blocks whose container, or one of the two above it, is a caption by tag or class."""
    if "figcaption" not in layout.tags and "caption" not in "\n".join(layout.keys).lower():
        return np.zeros(len(layout.texts), dtype=np.bool_)
    own = [
        tag == "figcaption" or "caption" in key.lower()
        for tag, key in zip(layout.tags, layout.keys, strict=True)
    ]
    home, up = np.array(layout.homes), np.maximum(np.array(layout.parents), 0)
    flags = np.array(own)
    near = flags[home] | flags[up[home]] | flags[up[up[home]]]
    short = np.array([len(text) for text in layout.texts]) < CAPTION_CHARACTERS
    return np.asarray(near & short)


def _characters(layout: Layout, columns: Columns) -> PageArrays:
    """Count characters by class, per block."""
    texts = layout.texts
    lengths = np.array(list(map(len, texts)))
    if lengths.max() > MAX_COUNTED:
        texts = [text if len(text) <= MAX_COUNTED else text[: MAX_COUNTED - 2] + text[-2:] for text in texts]
        lengths = np.minimum(lengths, MAX_COUNTED)
    ends = np.cumsum(lengths)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = _CLASSES.take(codes, mode="clip")
    index = np.arange(len(lengths))
    owners = np.repeat(index * _CLASS_COUNT, lengths)
    owners += classes
    found = np.bincount(owners, minlength=len(lengths) * _CLASS_COUNT)
    counts = found.reshape(len(lengths), _CLASS_COUNT).T.astype(np.float64)
    length = lengths.astype(np.float64)
    size = counts[_SPACE] + 1 + 0.6 * counts[_CJK]
    linked, bold = np.minimum(np.array((layout.linked, layout.bold), dtype=np.float64) / length, 1.0)
    last = classes[ends - 1]
    before = classes[ends - np.minimum(lengths, 2)]
    quoted = (last == _QUOTE) & ((before == _STOP) | (before == _COMMA))
    stop = ((last == _STOP) | quoted).astype(np.float64)
    punctuated = (counts[_STOP] + counts[_COMMA] > 0) & (size >= 8)
    prose = np.where(punctuated & (linked < 0.5), size * (1 - linked), 0.0) * (0.5 + 0.5 * stop)
    logs = np.log1p((size, counts[_COMMA], counts[_STOP], prose))
    columns["size"], columns["commas"], columns["stops"], columns["prose"] = logs
    columns["long"] = np.minimum(size, 100.0) / 100
    columns["linked"] = linked
    columns["bold"] = bold
    columns["stop"] = stop
    columns.fill("digits", counts[_DIGIT : _UPPER + 1] / length)
    columns["signs"] = np.minimum(counts[_SIGN], 5.0)
    columns["colon"] = codes[ends - 1] == ord(":")
    columns["word length"] = np.minimum(length / size, 12.0)
    columns["cjk"] = float(counts[_CJK].sum() > 0.2 * length.sum())
    sums = np.zeros((4, len(lengths) + 1))
    np.cumsum((size, linked * size, prose, np.ones(len(length))), axis=1, out=sums[:, 1:])
    return PageArrays(
        layout=layout,
        index=index,
        size=size,
        linked=linked,
        prose=prose,
        stop=stop,
        home=np.array(layout.homes),
        parent=np.array(layout.parents),
        first=np.array(layout.first),
        end=np.array(layout.end),
        evidence=np.zeros(0),
        sums=dict(zip(("size", "linked", "prose", "blocks"), sums, strict=True)),
        subtrees={},
    )


def _evidence(arrays: PageArrays, tables: TokenTables, columns: Columns) -> None:
    """Add the evidence of the words in classes, ids and openings, learnt on other sites."""
    layout, home = arrays.layout, arrays.home
    own = tables.all_containers(layout.tags, layout.keys, layout.marks)
    total, least, most = own[:1], own[:1], own[:1]
    for parent, value in zip(layout.parents[1:], own[1:], strict=True):
        total.append(value + total[parent])
        outer = least[parent]
        least.append(outer if outer < value else value)
        outer = most[parent]
        most.append(outer if outer > value else value)
    by_container = np.array((own, total, least, most, _hidden(layout)), dtype=np.float64)
    arrays.evidence = by_container[0]
    around = by_container.take(home, axis=1)
    columns.fill("class sum", around[1:4])
    columns["opener"] = tables.all_openers(layout.openers)
    words = columns["words"]
    words[:] = tables.all_words(layout.texts)
    columns["hidden"] = around[4]
    page_prose = max(arrays.sums["prose"][-1], 1.0)
    columns["page hidden"] = (around[4] * arrays.prose).sum() / page_prose
    typical = (around[1] * arrays.prose).sum() / page_prose
    columns["class typical"] = typical
    columns["class over typical"] = around[1] - typical
    arrays.add("words", words)


def _hidden(layout: Layout) -> list[bool]:
    """Flag containers that are hidden or inside a hidden one."""
    hidden = [bool(mark) and " hidden" in mark for mark in layout.marks]
    if True in hidden:
        for index, parent in enumerate(layout.parents):
            if parent >= 0 and hidden[parent]:
                hidden[index] = True
    return hidden


_TAG_BITS = {tag: 1 << place for place, tags in enumerate(TAG_GROUPS.values()) for tag in tags}
_ABOVE_BITS = {**{tag: 1 << place for place, tag in enumerate(ABOVE)}, "ol": 1 << ABOVE.index("ul")}
_IS_BITS = (1 << np.arange(len(TAG_GROUPS)))[:, None]
_IN_BITS = (1 << np.arange(len(ABOVE)))[:, None]


def _tags(arrays: PageArrays, columns: Columns) -> None:
    """Add the kind of the block's container, and the kinds of element above it."""
    layout = arrays.layout
    is_, in_ = _TAG_BITS.get, _ABOVE_BITS.get
    found = [in_(layout.tags[0], 0)]
    for parent, tag in zip(layout.parents[1:], layout.tags[1:], strict=True):
        found.append(found[parent] | in_(tag, 0))
    own, above = np.array(([is_(tag, 0) for tag in layout.tags], found)).take(arrays.home, axis=1)
    columns.fill("is p", own & _IS_BITS != 0)
    columns.fill("in nav", above & _IN_BITS != 0)


def _title_similarity(arrays: PageArrays, claims: HeadClaims, columns: Columns) -> None:
    """Add the share of the title's words in a paragraph, and whether it contains the description's
    beginning."""
    tokens = title_words(claims.titles[0]) if claims.titles else []
    title_similarity = np.zeros(len(arrays.size))
    if tokens:
        for index in np.flatnonzero(arrays.prose >= 6).tolist():
            text = arrays.layout.texts[index].casefold()
            title_similarity[index] = sum([token in text for token in tokens]) / len(tokens)
    start = claims.description[:40]
    columns["title words"] = title_similarity
    columns["description start"] = [start in text for text in arrays.layout.texts] if start else 0.0
    arrays.add("title words", np.minimum(title_similarity, 0.5))
    arrays.add("description start", columns["description start"])
    columns["title words around"] = _window(arrays.index, title_similarity, 4)
    columns["page title words"] = title_similarity.sum()


def title_words(title: str) -> list[str]:
    """Return the long words of a title, or its pairs of ideographs, at most twelve, in lower case."""
    title = title.casefold()[:120]
    if any("\u3040" <= character <= "\u9fff" for character in title):
        pairs = (title[place : place + 2] for place in range(len(title) - 1))
        return list(dict.fromkeys(pair for pair in pairs if pair.isalpha()))[:12]
    words = (word.strip(".,;:!?()[]\"'“”‘’«»…|-–—") for word in title.split())
    return list(dict.fromkeys(word for word in words if len(word) > 3))[:12]


def _ancestors(arrays: PageArrays, columns: Columns) -> None:
    """Add size, prose and links of the containers around a block, nearest first."""
    names = ("size", "prose", "linked", "blocks", "words", "title words", "description start")
    sums = np.array([arrays.sums[name] for name in names])
    inside = sums.take(arrays.end, axis=1) - sums.take(arrays.first, axis=1)
    size, prose, linked, blocks, words, similarity, described = inside
    arrays.subtrees = {"size": size, "prose": prose}
    page_prose = max(arrays.sums["prose"][-1], 1.0)
    page_similarity = max(arrays.sums["title words"][-1], 0.1)
    by_container = np.array(
        (
            prose / page_prose,
            prose / np.maximum(size, 1.0),
            linked / np.maximum(size, 1.0),
            np.log1p(blocks),
            arrays.evidence,
            words / np.maximum(blocks, 1.0),
            similarity / page_similarity,
            described > 0,
        )
    )
    at, above = arrays.home, np.maximum(arrays.parent, 0)
    for level in range(LEVELS):
        columns.fill(f"share {level}", by_container.take(at, axis=1))
        at = above[at]


def _holders(arrays: PageArrays, columns: Columns) -> None:
    """Flag blocks inside the smallest containers of most prose, and inside the best parent."""
    prose, size = arrays.within("prose"), arrays.within("size")
    index, page_prose = arrays.index, max(arrays.sums["prose"][-1], 1.0)
    enough = prose >= _SHARES * page_prose - 1e-9
    held = np.where(enough, size, np.inf)[:, ::-1].argmin(axis=1)
    holders = np.where(enough.any(axis=1), len(size) - 1 - held, 0)
    best = arrays.best = best_parent(arrays)
    outer = max(int(arrays.parent[best]), 0)
    places = np.concatenate((holders, (best, outer)))
    inside = (index >= arrays.first[places][:, None]) & (index < arrays.end[places][:, None])
    columns.fill("inside 0.4", inside[:-1])
    columns["beside best"] = inside[-1]
    first, end = arrays.first[best], arrays.end[best]
    columns["before best"] = np.log1p(np.maximum(first - index, 0))
    columns["after best"] = np.log1p(np.maximum(index - end + 1, 0))
    columns["best class"] = arrays.evidence[best]
    columns["best share"] = prose[best] / page_prose
    columns["home is best"] = arrays.home == best
    columns["child of best"] = arrays.parent[arrays.home] == best


_SHARES = np.array(HOLDING)[:, None]


def smallest(size: Floats, enough: NDArray[np.bool_]) -> int:
    """Return the last of the smallest containers among those flagged; the root if there are none."""
    held = np.where(enough, size, np.inf)
    return len(held) - 1 - int(held[::-1].argmin()) if enough.any() else 0


def best_parent(arrays: PageArrays) -> int:
    """Return the container with the most prose directly below it (grandchildren count less)."""
    count = len(arrays.parent)
    parent = np.maximum(arrays.parent[arrays.home], 0)
    grand = np.maximum(arrays.parent[parent], 0)
    weight = np.minimum(arrays.prose, 120.0)
    alone = np.bincount(arrays.home, minlength=count)[arrays.home] == 1
    score = np.bincount(parent, np.where(alone, weight, 0.4 * weight), minlength=count)
    score += np.bincount(grand, 0.4 * weight, minlength=count)
    score += np.bincount(arrays.home, np.where(alone, 0.3, 0.9) * weight, minlength=count)
    return int(score.argmax())


def _signatures(arrays: PageArrays, columns: Columns) -> None:
    """Add features of series: blocks in containers of the same tag and class."""
    layout = arrays.layout
    numbers: dict[tuple[str, str, str], int] = {}
    tags, keys, parents = layout.tags, layout.keys, layout.parents
    by_home: dict[int, int] = {}
    for home in dict.fromkeys(layout.homes):
        parent = parents[home]
        kind = (tags[home], keys[home], keys[parent] if parent >= 0 else "")
        by_home[home] = numbers.setdefault(kind, len(numbers))
    series = np.array([by_home[home] for home in layout.homes])
    count = np.bincount(series)
    size = np.bincount(series, arrays.size)
    by_series = (
        np.log1p(count),
        np.bincount(series, arrays.prose) / max(arrays.sums["prose"][-1], 1.0),
        np.bincount(series, arrays.linked * arrays.size) / np.maximum(size, 1.0),
        np.bincount(series, columns["words"]) / np.maximum(count, 1),
        np.log1p(size / np.maximum(count, 1)),
    )
    columns.fill("series", np.array(by_series).take(series, axis=1))


def _place(arrays: PageArrays, columns: Columns) -> None:
    """Add the position of a block on the page and among its prose."""
    count, index = len(arrays.size), arrays.index
    total = arrays.sums["prose"]
    columns["prose before"] = total[:-1] / max(total[-1], 1.0)
    columns["place"] = index / count
    columns["page blocks"] = np.log1p(count)
    columns["page prose"] = np.log1p(total[-1])
    columns["page purity"] = total[-1] / max(arrays.sums["size"][-1], 1.0)
    strong = arrays.prose >= 15
    last = np.maximum.accumulate(np.where(strong, index, -99))
    following = np.minimum.accumulate(np.where(strong, index, count + 99)[::-1])[::-1]
    columns.fill("since prose", np.log1p(np.minimum((index - last, following - index), 60)))


def _titles(arrays: PageArrays, claims: HeadClaims, columns: Columns) -> int:
    """Add repeats of the title, the description, other blocks and the structured data. Return the title's
    block."""
    texts = arrays.layout.texts
    count = len(texts)
    titles = [title.casefold() for title in claims.titles]
    all_titles = "\n".join(titles)
    longest = max(map(len, titles), default=0)
    is_title = np.zeros(count)
    for place in np.flatnonzero(arrays.size > 2.5).tolist():
        text = texts[place]
        if 1 < len(text) <= longest and text.casefold() in all_titles:
            is_title[place] = 1.0
    heading = columns["is h1"]
    rank = is_title * (1 + heading + arrays.size / 1e3) + 0.5 * heading * (arrays.size > 2.5)
    columns["title"] = is_title
    where = int(rank.argmax()) if count and rank.max() > 0 else -1
    index = arrays.index
    columns["has title"] = float(where >= 0)
    columns["after title"] = np.log1p(np.clip(index - where, 0, 80)) * float(where >= 0)
    columns["before title"] = index < where
    description = claims.description
    columns["described"] = [len(text) > 20 and text in description for text in texts] if description else 0.0
    repeats = _repeats(texts)
    columns["repeated"] = repeats
    columns["repeated size"] = np.where(repeats > 0, columns["size"], 0.0)
    columns["in data"] = _in_data(texts, " ".join(claims.body.split()))
    return where


def _repeats(texts: list[str]) -> Floats:
    """Return 1 for a block that repeats an earlier one, .5 for a block that is repeated later."""
    repeats = np.zeros(len(texts))
    seen: dict[str, int] = {}
    for place, text in enumerate(texts):
        earlier = seen.setdefault(text, place)
        if earlier != place:
            repeats[place] = 1.0
            repeats[earlier] = max(repeats[earlier], 0.5)
    return repeats


def _in_data(texts: list[str], body: str) -> Floats:
    """Say whether each block's beginning is in the text of the structured data: 1 or -1; 0 without such a
    text."""
    if len(body) <= 200:
        return np.zeros(len(texts))
    return np.array([1.0 if text[:60] in body else -1.0 for text in texts])


def _neighbours(arrays: PageArrays, columns: Columns) -> None:
    """Add features of neighbouring blocks, and of wider windows."""
    count, index = len(arrays.size), arrays.index
    padded = np.zeros((len(NEIGHBOURLY), count + 4))
    padded[:, 2:-2] = columns.table[[PLACES[name] for name in NEIGHBOURLY]]
    beside = [padded[:, start : start + count] for start in (0, 1, 3, 4)]
    columns.fill("size -2", np.stack(beside, axis=1).reshape(-1, count))
    totals = np.array([arrays.sums[name] for name in AROUND])
    low = np.maximum([index - width for width in WIDTHS], 0)
    high = np.minimum([index + width + 1 for width in WIDTHS], count)
    around = np.log1p(np.maximum(totals[:, high] - totals[:, low], 0.0))
    columns.fill("prose around 3", around.reshape(-1, count))
    headings = columns["is heading"] > 0
    markers = np.array((headings | (arrays.size < 6), headings))
    last = np.full((2, count + 1), -1)
    np.maximum.accumulate(np.where(markers, index, -1), axis=1, out=last[:, 1:])
    last = last[:, :-1]
    columns.fill("last marker", np.where(last >= 0, columns["words"][last], 0.0))


def _window(index: Ints, values: Floats, width: int) -> Floats:
    """Return sums over a block and `width` blocks on either side."""
    total = prefix_sums(values)
    return total[np.minimum(index + width + 1, len(values))] - total[np.maximum(index - width, 0)]
