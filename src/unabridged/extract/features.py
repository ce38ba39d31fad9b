"""What can be measured of every block of a page, as one table: a row per block, a column per feature.

Everything works on whole columns. A block's size is counted in words (an ideograph or kana is a word).
"Prose" is the size of blocks that read like paragraphs: several words, punctuated, few links.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unabridged.extract.blocks import Layout
from unabridged.extract.tokens import Tables
from unabridged.extract.witnesses import Witnesses

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]

LEVELS = 5
"""Ancestors looked at, the block's own container included."""
CAPTION_CHARACTERS = 700
"""A longer block is no caption, whatever its container is called."""
MAX_COUNTED = 50_000
"""Characters of one block that are counted: beyond, it is as long as any."""
HOLDING = (0.4, 0.6, 0.8, 0.95)
"""Shares of a page's prose whose smallest containers are looked for."""

_OTHER, _SPACE, _CJK, _COMMA, _STOP, _DIGIT, _UPPER, _SIGN, _QUOTE = range(9)
_CLASS_COUNT = 9


def _character_classes() -> NDArray[np.uint8]:
    """The class of every character of the Basic Multilingual Plane; those beyond count as ideographs."""
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
class Sheet:
    """A page in columns, before any feature. Blocks: size … ; containers: parent … ; heavy sums by prefix."""

    layout: Layout
    size: Floats
    linked: Floats
    prose: Floats
    stop: Floats
    home: Ints
    parent: Ints
    first: Ints
    end: Ints
    evidence: Floats
    sums: dict[str, Floats]

    def add(self, name: str, column: Floats) -> None:
        """Prepare a block column for sums over subtrees."""
        self.sums[name] = running(column)

    def within(self, name: str) -> Floats:
        """The sum of a block column over each container's subtree."""
        total = self.sums[name]
        return total[self.end] - total[self.first]


def running(column: Floats) -> Floats:
    """The sums of all values before each place, and of all."""
    total = np.zeros(len(column) + 1)
    np.cumsum(column, out=total[1:])
    return total


@dataclass(slots=True)
class Measured:
    """rows: the table for the network. columns: the same by name. titled: the title's block, -1 for none.

    captions: flags of the blocks that stand in captions of pictures.
    """

    rows: NDArray[np.float32]
    columns: Columns
    sheet: Sheet
    titled: int
    captions: NDArray[np.bool_]


def measure(layout: Layout, heard: Witnesses, tables: Tables) -> Measured:
    """Measure every block of a page, which must have blocks."""
    columns: Columns = {}
    sheet = _characters(layout, columns)
    _evidence(sheet, tables, columns)
    _tags(sheet, columns)
    _kin(sheet, heard, columns)
    _ancestors(sheet, columns)
    _holders(sheet, columns)
    _signatures(sheet, columns)
    _place(sheet, columns)
    titled = _titles(sheet, heard, columns)
    _neighbours(sheet, columns)
    captions = caption_blocks(layout)
    table = np.concatenate(list(columns.values())).reshape(len(columns), -1)
    rows = table.astype(np.float32).T
    return Measured(rows, columns, sheet, titled, captions)


def caption_blocks(layout: Layout) -> NDArray[np.bool_]:
    """Whether a block's container, or one of the two above it, is a caption by its tag or class."""
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


def _characters(layout: Layout, columns: Columns) -> Sheet:
    """Counts of characters by class, per block."""
    texts = layout.texts
    if max(map(len, texts)) > MAX_COUNTED:
        texts = [text if len(text) <= MAX_COUNTED else text[: MAX_COUNTED - 2] + text[-2:] for text in texts]
    lengths = np.array(list(map(len, texts)))
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    classes = _CLASSES.take(codes, mode="clip")
    owners = np.repeat(np.arange(0, len(lengths) * _CLASS_COUNT, _CLASS_COUNT), lengths)
    found = np.bincount(owners + classes, minlength=len(lengths) * _CLASS_COUNT)
    counts = found.reshape(len(lengths), _CLASS_COUNT).T.astype(np.float64)
    length = lengths.astype(np.float64)
    size = counts[_SPACE] + 1 + 0.6 * counts[_CJK]
    linked = np.minimum(np.array(layout.linked, dtype=np.float64) / length, 1.0)
    bold = np.minimum(np.array(layout.bold, dtype=np.float64) / length, 1.0)
    last = classes[starts + lengths - 1]
    before = classes[starts + np.maximum(lengths - 2, 0)]
    quoted = (last == _QUOTE) & ((before == _STOP) | (before == _COMMA))
    stop = ((last == _STOP) | quoted).astype(np.float64)
    punctuated = (counts[_STOP] + counts[_COMMA] > 0) & (size >= 8)
    prose = np.where(punctuated & (linked < 0.5), size * (1 - linked), 0.0) * (0.5 + 0.5 * stop)
    columns["size"] = np.log1p(size)
    columns["long"] = np.minimum(size, 100.0) / 100
    columns["linked"] = linked
    columns["bold"] = bold
    columns["stop"] = stop
    columns["commas"] = np.log1p(counts[_COMMA])
    columns["stops"] = np.log1p(counts[_STOP])
    columns["digits"] = counts[_DIGIT] / length
    columns["upper"] = counts[_UPPER] / length
    columns["signs"] = np.minimum(counts[_SIGN], 5.0)
    columns["colon"] = (codes[starts + lengths - 1] == ord(":")).astype(np.float64)
    columns["word length"] = np.minimum(length / size, 12.0)
    columns["prose"] = np.log1p(prose)
    columns["cjk"] = np.full(len(length), float(counts[_CJK].sum() > 0.2 * length.sum()))
    ones = np.ones(len(length))
    return Sheet(
        layout=layout,
        size=size,
        linked=linked,
        prose=prose,
        stop=stop,
        home=np.array(layout.homes),
        parent=np.array(layout.parents),
        first=np.array(layout.first),
        end=np.array(layout.end),
        evidence=np.zeros(0),
        sums={
            name: running(column)
            for name, column in (
                ("size", size),
                ("linked", linked * size),
                ("prose", prose),
                ("blocks", ones),
            )
        },
    )


def _evidence(sheet: Sheet, tables: Tables, columns: Columns) -> None:
    """What the words of classes, ids and openings have meant on other sites."""
    layout, home = sheet.layout, sheet.home
    own = tables.all_containers(layout.tags, layout.keys, layout.marks)
    total, least, most = own[:1], own[:1], own[:1]
    for parent, value in zip(layout.parents[1:], own[1:], strict=True):
        total.append(value + total[parent])
        outer = least[parent]
        least.append(outer if outer < value else value)
        outer = most[parent]
        most.append(outer if outer > value else value)
    by_container = np.array([own, total, least, most], dtype=np.float64)
    sheet.evidence = by_container[0]
    _, columns["class sum"], columns["class least"], columns["class most"] = by_container.take(home, axis=1)
    columns["opener"] = np.array(tables.all_openers(layout.openers), dtype=np.float64)
    columns["words"] = np.array(tables.all_words(layout.texts), dtype=np.float64)
    columns["hidden"] = np.array(_hidden(layout), dtype=np.float64)[home]
    page_prose = max(sheet.sums["prose"][-1], 1.0)
    count = len(home)
    columns["page hidden"] = np.full(count, (columns["hidden"] * sheet.prose).sum() / page_prose)
    typical = (columns["class sum"] * sheet.prose).sum() / page_prose
    columns["class typical"] = np.full(count, typical)
    columns["class over typical"] = columns["class sum"] - typical
    sheet.add("words", columns["words"])


def _hidden(layout: Layout) -> list[bool]:
    """Whether a container, or one around it, is hidden."""
    hidden = [bool(mark) and " hidden" in mark for mark in layout.marks]
    if True in hidden:
        for index, parent in enumerate(layout.parents):
            if parent >= 0 and hidden[parent]:
                hidden[index] = True
    return hidden


_TAG_GROUPS = {
    "p": ("p",),
    "heading": ("h2", "h3", "h4", "h5", "h6"),
    "h1": ("h1",),
    "item": ("li", "dt", "dd"),
    "cell": ("td", "th", "caption"),
    "div": ("div", "section", "article", "main", "body"),
    "quote": ("blockquote", "pre"),
    "caption": ("figcaption",),
    "control": ("button", "form", "summary", "fieldset", "legend", "option"),
}
_TAG_BITS = {tag: 1 << place for place, tags in enumerate(_TAG_GROUPS.values()) for tag in tags}
_ABOVE = ("nav", "aside", "footer", "header", "figure", "article", "main", "table", "ul")
_IS = tuple(f"is {name}" for name in _TAG_GROUPS)
_IS_PLACES = np.arange(len(_IS))[:, None]
_IN = tuple(f"in {name}" for name in _ABOVE)
_IN_PLACES = np.arange(len(_IN))[:, None]
_ABOVE_BITS = {**{tag: 1 << place for place, tag in enumerate(_ABOVE)}, "ol": 1 << _ABOVE.index("ul")}


def _tags(sheet: Sheet, columns: Columns) -> None:
    """The kind of the block's container, and whether a kind stands anywhere above it."""
    layout = sheet.layout
    own = np.array([_TAG_BITS.get(tag, 0) for tag in layout.tags])[sheet.home]
    columns.update(zip(_IS, ((own >> _IS_PLACES) & 1).astype(np.float64), strict=True))
    found = [_ABOVE_BITS.get(layout.tags[0], 0)]
    for parent, tag in zip(layout.parents[1:], layout.tags[1:], strict=True):
        found.append(found[parent] | _ABOVE_BITS.get(tag, 0))
    above = np.array(found)[sheet.home]
    columns.update(zip(_IN, ((above >> _IN_PLACES) & 1).astype(np.float64), strict=True))


def _kin(sheet: Sheet, heard: Witnesses, columns: Columns) -> None:
    """How many words of the page's title a paragraph uses, and whether it resembles the description."""
    tokens = title_words(heard.titles[0]) if heard.titles else []
    kin = np.zeros(len(sheet.size))
    if tokens:
        for index in np.flatnonzero(sheet.prose >= 6).tolist():
            text = sheet.layout.texts[index].casefold()
            kin[index] = sum([token in text for token in tokens]) / len(tokens)
    start = heard.description[:40]
    columns["kin"] = kin
    texts = sheet.layout.texts
    columns["told"] = np.array([1.0 if start in text else 0.0 for text in texts]) if start else kin * 0.0
    sheet.add("kin", np.minimum(kin, 0.5))
    sheet.add("told", columns["told"])
    columns["kin around"] = _window(kin, 4)
    columns["page kin"] = np.full(len(kin), kin.sum())


def title_words(title: str) -> list[str]:
    """The long words of a title, or its pairs of ideographs, at most twelve, in lower case."""
    title = title.casefold()[:120]
    if any("\u3040" <= character <= "\u9fff" for character in title):
        pairs = (title[place : place + 2] for place in range(len(title) - 1))
        return list(dict.fromkeys(pair for pair in pairs if pair.isalpha()))[:12]
    words = (word.strip(".,;:!?()[]\"'“”‘’«»…|-–—") for word in title.split())
    return list(dict.fromkeys(word for word in words if len(word) > 3))[:12]


def _ancestors(sheet: Sheet, columns: Columns) -> None:
    """Size, prose and links of the containers around a block, nearest first."""
    size, prose, linked, blocks = (sheet.within(name) for name in ("size", "prose", "linked", "blocks"))
    page_prose = max(sheet.sums["prose"][-1], 1.0)
    page_kin = max(sheet.sums["kin"][-1], 0.1)
    by_container = {
        "share": prose / page_prose,
        "purity": prose / np.maximum(size, 1.0),
        "links": linked / np.maximum(size, 1.0),
        "blocks": np.log1p(blocks),
        "class": sheet.evidence,
        "words": sheet.within("words") / np.maximum(blocks, 1.0),
        "kin": sheet.within("kin") / page_kin,
        "told": sheet.within("told") > 0,
    }
    values = np.array(list(by_container.values()))
    at = sheet.home
    for level in range(LEVELS):
        names = [f"{name} {level}" for name in by_container]
        columns.update(zip(names, values.take(at, axis=1), strict=True))
        at = np.maximum(sheet.parent[at], 0)


def _holders(sheet: Sheet, columns: Columns) -> None:
    """Whether a block lies inside the smallest containers of most prose, and inside the best parent of it."""
    prose, size = sheet.within("prose"), sheet.within("size")
    index = np.arange(len(sheet.home), dtype=np.float64)
    page_prose = max(sheet.sums["prose"][-1], 1.0)
    for share in HOLDING:
        holder = smallest(size, prose >= share * page_prose - 1e-9)
        first, end = sheet.first[holder], sheet.end[holder]
        columns[f"inside {share}"] = ((index >= first) & (index < end)).astype(np.float64)
    best = best_parent(sheet)
    first, end = float(sheet.first[best]), float(sheet.end[best])
    columns["in best parent"] = ((index >= first) & (index < end)).astype(np.float64)
    columns["before best"] = np.log1p(np.maximum(first - index, 0))
    columns["after best"] = np.log1p(np.maximum(index - end + 1, 0))
    columns["best class"] = np.full(len(index), sheet.evidence[best])
    columns["best share"] = np.full(len(index), prose[best] / page_prose)
    outer = max(int(sheet.parent[best]), 0)
    beside = (index >= sheet.first[outer]) & (index < sheet.end[outer])
    columns["beside best"] = beside.astype(np.float64)
    columns["home is best"] = (sheet.home == best).astype(np.float64)
    columns["child of best"] = (sheet.parent[sheet.home] == best).astype(np.float64)


def smallest(size: Floats, enough: NDArray[np.bool_]) -> int:
    """The last of the smallest containers among those flagged; the root where none is."""
    held = np.where(enough, size, np.inf)
    return len(held) - 1 - int(held[::-1].argmin()) if enough.any() else 0


def best_parent(sheet: Sheet) -> int:
    """The container with the most prose directly below it (grandchildren count half)."""
    count = len(sheet.parent)
    parent = np.maximum(sheet.parent[sheet.home], 0)
    grand = np.maximum(sheet.parent[parent], 0)
    weight = np.minimum(sheet.prose, 120.0)
    alone = np.bincount(sheet.home, minlength=count)[sheet.home] == 1
    score = np.bincount(parent, np.where(alone, weight, 0.4 * weight), minlength=count)
    score += np.bincount(grand, 0.4 * weight, minlength=count)
    score += np.bincount(sheet.home, np.where(alone, 0.3, 0.9) * weight, minlength=count)
    return int(score.argmax())


def _signatures(sheet: Sheet, columns: Columns) -> None:
    """Blocks that sit in containers of the same tag and class form a series: how many, how much prose."""
    layout = sheet.layout
    numbers: dict[tuple[str, str, str], int] = {}
    tags, keys, parents = layout.tags, layout.keys, layout.parents
    by_home: dict[int, int] = {}
    for home in dict.fromkeys(layout.homes):
        parent = parents[home]
        kind = (tags[home], keys[home], keys[parent] if parent >= 0 else "")
        by_home[home] = numbers.setdefault(kind, len(numbers))
    series = np.array([by_home[home] for home in layout.homes])
    count = np.bincount(series)
    size = np.bincount(series, sheet.size)
    columns["series"] = np.log1p(count[series])
    columns["series prose"] = (np.bincount(series, sheet.prose) / max(sheet.sums["prose"][-1], 1.0))[series]
    columns["series links"] = (np.bincount(series, sheet.linked * sheet.size) / np.maximum(size, 1.0))[series]
    columns["series words"] = (np.bincount(series, columns["words"]) / np.maximum(count, 1))[series]
    columns["series size"] = np.log1p(size / np.maximum(count, 1))[series]


def _place(sheet: Sheet, columns: Columns) -> None:
    """Where on the page a block stands, against its prose."""
    count = len(sheet.size)
    index = np.arange(count)
    total = sheet.sums["prose"]
    columns["prose before"] = total[:-1] / max(total[-1], 1.0)
    columns["place"] = index / count
    columns["page blocks"] = np.full(count, np.log1p(count))
    columns["page prose"] = np.full(count, np.log1p(total[-1]))
    columns["page purity"] = np.full(count, total[-1] / max(sheet.sums["size"][-1], 1.0))
    strong = sheet.prose >= 15
    last = np.maximum.accumulate(np.where(strong, index, -99))
    following = np.minimum.accumulate(np.where(strong, index, count + 99)[::-1])[::-1]
    columns["since prose"] = np.log1p(np.minimum(index - last, 60))
    columns["until prose"] = np.log1p(np.minimum(following - index, 60))


def _titles(sheet: Sheet, heard: Witnesses, columns: Columns) -> int:
    """Repeats of title, description, other blocks, the structured data's text. Returns the title's block."""
    texts = sheet.layout.texts
    count = len(texts)
    titles = [title.casefold() for title in heard.titles]
    all_titles = "\n".join(titles)
    longest = max(map(len, titles), default=0)
    is_title = np.zeros(count)
    for place in np.flatnonzero(sheet.size > 2.5).tolist():
        text = texts[place]
        if 1 < len(text) <= longest and text.casefold() in all_titles:
            is_title[place] = 1.0
    heading = columns["is h1"]
    rank = is_title * (1 + heading + sheet.size / 1e3) + 0.5 * heading * (sheet.size > 2.5)
    columns["title"] = is_title
    where = int(rank.argmax()) if count and rank.max() > 0 else -1
    index = np.arange(count)
    columns["has title"] = np.full(count, float(where >= 0))
    columns["after title"] = np.log1p(np.clip(index - where, 0, 80)) * float(where >= 0)
    columns["before title"] = (index < where).astype(np.float64)
    description = heard.description
    columns["described"] = (
        np.array([1.0 if len(text) > 20 and text in description else 0.0 for text in texts])
        if description
        else np.zeros(count)
    )
    seen: dict[str, int] = {}
    repeats = np.zeros(count)
    for place, text in enumerate(texts):
        earlier = seen.setdefault(text, place)
        if earlier != place:
            repeats[place] = 1.0
            repeats[earlier] = max(repeats[earlier], 0.5)
    columns["repeated"] = repeats
    columns["repeated size"] = np.where(repeats > 0, np.log1p(sheet.size), 0.0)
    columns["in data"] = _in_data(texts, " ".join(heard.body.split()))
    return where


def _in_data(texts: list[str], body: str) -> Floats:
    """Whether each block's beginning stands in the text of the structured data: -1, 1; 0 without such."""
    if len(body) <= 200:
        return np.zeros(len(texts))
    return np.array([1.0 if text[:60] in body else -1.0 for text in texts])


_NEIGHBOURLY = ("size", "linked", "stop", "words", "class sum", "is heading")
_AROUND = ("prose", "linked", "size")
_BESIDE = tuple(f"{name} {offset:+d}" for name in _NEIGHBOURLY for offset in (-2, -1, 1, 2))


def _neighbours(sheet: Sheet, columns: Columns) -> None:
    """Features of the blocks around, and of wider windows."""
    count = len(sheet.size)
    padded = np.zeros((len(_NEIGHBOURLY), count + 4))
    for place, name in enumerate(_NEIGHBOURLY):
        padded[place, 2:-2] = columns[name]
    beside = [padded[:, start : start + count] for start in (0, 1, 3, 4)]
    columns.update(zip(_BESIDE, np.stack(beside, axis=1).reshape(-1, count), strict=True))
    index = np.arange(count)
    edges = [(w, np.maximum(index - w, 0), np.minimum(index + w + 1, count)) for w in (3, 9)]
    totals = np.array([sheet.sums[name] for name in _AROUND])
    around = [np.log1p(np.maximum(totals[:, high] - totals[:, low], 0.0)) for _, low, high in edges]
    for place, name in enumerate(_AROUND):
        for (width, _, _), sums in zip(edges, around, strict=True):
            columns[f"{name} around {width}"] = sums[place]
    markers = np.where((columns["is heading"] > 0) | (sheet.size < 6), columns["words"], np.nan)
    columns["last marker"] = _carried(markers)
    headings = np.where(columns["is heading"] > 0, columns["words"], np.nan)
    columns["last heading"] = _carried(headings)


def _window(values: Floats, width: int) -> Floats:
    """Sums over the so many blocks on either side and the block itself."""
    total = running(values)
    index = np.arange(len(values))
    return total[np.minimum(index + width + 1, len(values))] - total[np.maximum(index - width, 0)]


def _carried(values: Floats) -> Floats:
    """Each row's last value before it that is a number, 0 where there is none."""
    index = np.where(np.isnan(values), -1, np.arange(len(values)))
    last = np.maximum.accumulate(np.concatenate(([-1], index[:-1])))
    return np.where(last >= 0, np.nan_to_num(values)[last], 0.0)
