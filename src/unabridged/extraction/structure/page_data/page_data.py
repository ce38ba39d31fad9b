"""Data that a page's scripts carry: the JSON values of frameworks, stores and components.

Only JSON is read: whole scripts, assignments of JSON, JSON.parse of a string, chunks that frameworks push. No
script is run. Untrusted: the amount that is read is bounded.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Literal, NamedTuple
from urllib.parse import unquote

import orjson

from unabridged.extraction.html.dom import Dom, Element
from unabridged.text.patterns import lazy_regex

MAX_DATA = 6_000_000
"""Maximum characters of data that are parsed for a page."""
MAX_VALUES = 200_000
"""Maximum values of one flat array that are put together."""
SHORTEST = 300
"""Characters of a script below which it holds no article."""
MOST_LOOKED = 500
"""Beginnings of JSON in a script that are looked at for the name of what they are assigned to."""
MOST_ASSIGNMENTS = 12
"""Places of a script where JSON is looked for."""

_REFERENCE = '"__ref"'
"""Key of a reference to an object that another script may hold."""
_DECODER = json.JSONDecoder()
_JSON_TYPES = ("json", "text/x-shoebox", "x-data")
_STARTS = lazy_regex(r"\{\s{0,3}\"|\[\s{0,3}[\{\[\"]|JSON\.parse\(")
"""Beginnings of JSON in a script."""
_ASSIGNS = lazy_regex(r"(?:[\w$\])]\s{0,3}=|\(|,|\bdefault)\s{0,3}\Z")
"""Code that must stand before such a beginning."""
_PARSED = lazy_regex(r"JSON\.parse\(\s*((?:decodeURIComponent|unescape)\(\s*)?")
_UNDEFINED = lazy_regex(r"([:,\[])\s?(?:undefined|NaN|void 0|-?Infinity)(?=[,}\]])")
_STREAM = lazy_regex(r"(?:__next_f\.push|streamController\.enqueue)\(")
_ROW = lazy_regex(r"([0-9a-f]{1,6}):")
_DATA_ATTRIBUTES = (
    "data-page",
    "data-props",
    "data-react-props",
    "data-state",
    "data-content",
    "data-article",
)
_CARRIERS = ",".join(f"[{name}]" for name in _DATA_ATTRIBUTES) + ",astro-island[props]"


class DataHolder(NamedTuple):
    """Holder of JSON in a page. kind "script": a script that is JSON; name: its CSS selector. "variable": a
    script that assigns the JSON to a name, or hands it to a function (name with "("); "" for anything else.
    "stream": chunks that scripts push. "attribute": name: the CSS selector of elements with the attribute.
    "template": HTML that no script has put into the page yet.
    """

    kind: Literal["script", "variable", "stream", "attribute", "template"]
    name: str = ""


HeldValue = tuple[DataHolder, object]
"""A JSON value with its holder."""
_STREAM_HOLDER = DataHolder("stream")


def held_data(dom: Dom, least: int = SHORTEST, only: DataHolder | None = None) -> Iterator[HeldValue]:
    """Yield the JSON values that a page carries with their holders, in document order.

    least: characters of a script below which only streams and references to other scripts are read. only:
    values of this holder.
    """
    least = max(least, SHORTEST)
    left = MAX_DATA
    streamed: list[str] = []
    for script in dom.elements("script") if only is None or only.kind != "attribute" else ():
        if script.attr("src") is not None and script.attr("id") is None:
            continue
        text = script.text
        if len(text) < SHORTEST or len(text) > left:
            streamed += _chunks(text) if "__next_f" in text[:200] else ()
            continue
        left -= len(text)
        streamed += _chunks(text) if _STREAM.search(text, 0, 400) else ()
        if len(text) >= least or _REFERENCE in text:
            yield from _script_values(script, text, only)
    if streamed and only in (None, _STREAM_HOLDER):
        for value in _streamed_values("".join(streamed)[:MAX_DATA]):
            yield _STREAM_HOLDER, value
    if only is None or only.kind == "attribute":
        for element in dom.select(_CARRIERS)[:200]:
            yield from _attribute_values(element, least, only)


def parse_json(text: str) -> object:
    """Return the value of JSON text, None if it is no JSON that can be read.

    orjson takes a third of the time of json, which reads what orjson refuses: NaN, half surrogates, long
    numbers.
    """
    for loads in (orjson.loads, json.loads):
        try:
            value: object = loads(text)
        except (ValueError, RecursionError):
            continue
        return value
    return None


def _script_values(script: Element, text: str, only: DataHolder | None) -> Iterator[HeldValue]:
    kind = (script.attr("type") or "").casefold()
    if any(name in kind for name in _JSON_TYPES) or text.lstrip()[:1] in ("{", "["):
        holder = DataHolder("script", _script_name(script, kind))
        if only not in (None, holder):
            return
        value = parse_json(text)
        if value is None and "&q;" in text[:2000]:  # Angular's transfer state
            value = parse_json(_angular(text))
        if isinstance(value, list):
            yield holder, _reviveable(value)
        if value is not None:
            yield holder, value
        return
    if kind and "javascript" not in kind and kind != "module":
        return
    if only is None or (only.kind == "variable" and only.name.rstrip("(").rpartition(".")[2] in text):
        yield from _assigned_values(text, only)


_STABLE = lazy_regex(r"[A-Za-z_](?:[\w-](?!\d\d\d)){0,60}")
"""A name without long numbers."""
_TYPE = lazy_regex(r"[\w./+-]{1,60}")


def _script_name(script: Element, kind: str) -> str:
    """Return a CSS selector that names a script on other pages too."""
    own = script.attr("id") or ""
    if _STABLE.fullmatch(own):
        return f"script#{own}"
    return f'script[type="{kind}"]' if _TYPE.fullmatch(kind) else "script"


_ASSIGNED = lazy_regex(r"([\w$.]{1,60})(?:\[[\"']([\w$.-]{1,60})[\"']\])?\s{0,3}=\s{0,3}\Z")
_HANDED = lazy_regex(r"([\w$.]{1,60}\()[^(){}]{0,80}\Z")


def _variable_name(text: str, at: int) -> str:
    """Return what the JSON that starts at a place is assigned to, or handed to with "("; "" if unknown."""
    before = text[max(0, at - 160) : at]
    if found := _ASSIGNED.search(before):
        return f"{found[1]}.{found[2]}" if found[2] else found[1]
    return handed[1] if (handed := _HANDED.search(before)) else ""


def _angular(text: str) -> str:
    for mark, character in (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&")):
        text = text.replace(mark, character)
    return text


def _assigned_values(text: str, only: DataHolder | None) -> Iterator[HeldValue]:
    """Yield the JSON that a script assigns to a name or hands to a function."""
    at, read, looked = 0, 0, 0
    if not any(_is_assigned(text, found.start()) for found in _STARTS.finditer(text)):
        return
    text = _UNDEFINED.sub(r"\1null", text) if "undefined" in text or "void 0" in text else text
    while read < MOST_ASSIGNMENTS and (found := _STARTS.search(text, at)):
        start = found.start()
        at = start + 1
        if not _is_assigned(text, start):
            continue
        holder = DataHolder("variable", _variable_name(text, start))
        looked += 1
        if looked > MOST_LOOKED:
            return
        if only not in (None, holder):
            continue
        read += 1
        value, end = _value_at(text, start)
        if value is not None and end - start >= SHORTEST:
            yield holder, value
        at = max(end, at)


def _is_assigned(text: str, start: int) -> bool:
    """Say whether the code before a beginning of JSON assigns it or hands it on."""
    return _ASSIGNS.search(text[max(0, start - 12) : start]) is not None


def _value_at(text: str, at: int) -> tuple[object, int]:
    """Return the JSON value that starts at a place, and its end; None if there is none."""
    if text.startswith("JSON.parse(", at):
        start = _PARSED.match(text, at)
        assert start is not None
        literal, end = _string_at(text, start.end())
        return (parse_json(unquote(literal) if start[1] else literal) if literal else None), end
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, at


_SINGLE = lazy_regex(r"'((?:[^'\\]|\\.)*+)'", re.DOTALL)
_ESCAPE = lazy_regex(r"\\(?:x([0-9a-fA-F]{2})|(['`0v]))")


def _string_at(text: str, at: int) -> tuple[str, int]:
    """Return the JavaScript string that starts at a place, and its end; "" if there is none."""
    try:
        if text[at : at + 1] == '"':
            value, end = _DECODER.raw_decode(text, at)
            return (value if isinstance(value, str) else ""), end
        if found := _SINGLE.match(text, at):
            inner = _ESCAPE.sub(lambda m: f"\\u00{m[1]}" if m[1] else m[2], found[1])
            inner = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner)
            return json.loads(f'"{inner}"', strict=False), found.end()
    except (ValueError, RecursionError):
        pass
    return "", at


def _chunks(text: str) -> Iterator[str]:
    """Yield the strings that a script pushes to a stream."""
    for found in _STREAM.finditer(text):
        value, _ = (
            _value_at(text, found.end())
            if text[found.end() : found.end() + 1] != '"'
            else (_string_at(text, found.end()))
        )
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]
        elif isinstance(value, str):
            yield value


def _streamed_values(text: str) -> Iterator[object]:
    """Yield the values of a stream: React's flight rows, or one flat array of Remix."""
    if text.lstrip().startswith("["):
        for line in text.split("\n"):
            value = parse_json(line) if len(line) >= SHORTEST else None
            if isinstance(value, list):
                yield _reviveable(value)
        return
    rows = dict(_flight_rows(text))
    yield FlightRows(rows).value()


def _flight_rows(text: str) -> Iterator[tuple[str, object]]:
    """Yield id and value of each row. Format: id:json per line, or id:Thex,text with its length in bytes."""
    at = 0
    while found := _ROW.match(text, at) or _next_row(text, at):
        at = found.end()
        if text[at : at + 1] == "T" and (comma := text.find(",", at, at + 12)) > 0:
            length = int(text[at + 1 : comma], 16) if re.fullmatch("[0-9a-f]+", text[at + 1 : comma]) else 0
            taken = text[comma + 1 : comma + 1 + length].encode("utf-8", "replace")[:length]
            value = taken.decode("utf-8", "ignore")
            at = comma + 1 + len(value)
            yield found[1], value
            continue
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at : at + 1] in ("[", "{", '"'):
            yield found[1], parse_json(text[at:end])
        at = end + 1


def _next_row(text: str, at: int) -> re.Match[str] | None:
    end = text.find("\n", at)
    return _ROW.match(text, end + 1) if end >= 0 else None


class FlightRows:
    """Rows of a React stream; values refer to other rows as "$1a" or "$L1a"."""

    def __init__(self, rows: dict[str, object]) -> None:
        self._rows = rows
        self._left = MAX_VALUES

    def value(self) -> object:
        """Return all rows with their references resolved and elements as {"type": …, "props": …}."""
        return [self._resolved(row, 0) for row in self._rows.values() if not isinstance(row, str)]

    def _resolved(self, value: object, depth: int) -> object:
        self._left -= 1
        if self._left < 0 or depth > 120:
            return None
        if isinstance(value, str):
            key = value[2:] if value.startswith("$L") else value[1:]
            if value[:1] == "$" and key in self._rows and len(key) <= 6:
                found = self._rows[key]
                return found if isinstance(found, str) else self._resolved(found, depth + 1)
            return value[1:] if value.startswith("$$") else value
        if isinstance(value, list):
            if len(value) >= 4 and value[0] == "$" and isinstance(value[1], str):
                return {"tag": value[1].lstrip("$"), "props": self._resolved(value[3], depth + 1)}
            return [self._resolved(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self._resolved(item, depth + 1) for key, item in value.items()}
        return value


def _reviveable(flat: list[object]) -> object:
    """Return a flat array (devalue of Nuxt and SvelteKit, turbo-stream of Remix) as the value it stands for.

    An object's values are places in the array; Remix names its keys "_" and the place of the name. None for
    any other list.
    """
    if len(flat) < 3 or len(flat) > MAX_VALUES or not isinstance(flat[0], list | dict):
        return None
    made: dict[int, object] = {}
    pending: list[int] = [0]

    def at(place: object) -> object:
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(flat):
            return None
        if place not in made:
            value = flat[place]
            made[place] = {} if isinstance(value, dict) else [] if isinstance(value, list) else value
            if isinstance(value, dict | list):
                pending.append(place)
        return made[place]

    made[0] = {} if isinstance(flat[0], dict) else []
    while pending:
        place = pending.pop()
        source, target = flat[place], made[place]
        if isinstance(source, dict) and isinstance(target, dict):
            for key, item in source.items():
                name = at(int(key[1:])) if re.fullmatch(r"_\d{1,6}", key) else key
                target[str(name)] = at(item)
        elif isinstance(source, list) and isinstance(target, list):
            target += [at(item) for item in (source[1:] if source and isinstance(source[0], str) else source)]
    return made[0]


def _attribute_values(element: Element, least: int, only: DataHolder | None) -> Iterator[HeldValue]:
    island = element.tag == "astro-island"
    for name in ("props",) if island else _DATA_ATTRIBUTES:
        holder = DataHolder("attribute", f"astro-island[{name}]" if island else f"[{name}]")
        text = _attribute(element, name) if only in (None, holder) else ""
        if len(text) >= least and island:
            yield holder, _astro(parse_json(text), 0)
        elif len(text) >= least and text.lstrip()[:1] in ("{", "["):
            yield holder, parse_json(text)


def _attribute(element: Element, name: str) -> str:
    text = (element.attr(name) or "")[:MAX_DATA]
    return unescape(text) if "&quot;" in text[:200] else text


def _astro(value: object, depth: int) -> object:
    """Return the props of an Astro island: every value stands in a pair [kind, value]."""
    if depth > 60:
        return None
    if isinstance(value, dict):
        return {key: _astro(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], int):
        inner = value[1]
        if value[0] == 1 and isinstance(inner, list):
            return [_astro(item, depth + 1) for item in inner]
        return _astro(inner, depth + 1) if isinstance(inner, dict) else inner
    return value
