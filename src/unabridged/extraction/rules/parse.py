"""Parse site-config files: every line becomes part of the rules, or is reported with the reason why not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import turbohtml

from unabridged.extraction.rules.model import (
    IgnoredLine,
    Move,
    PageLink,
    Replacement,
    RuleFile,
    RuleTest,
    SiteRules,
    Wrap,
    merged,
)
from unabridged.text.patterns import lazy_regex

_LINE = lazy_regex(r"\s*([A-Za-z0-9_]+)\s*(?:\((.*?)\)\s*)?:(.*)", re.DOTALL)
_XPATHS = frozenset("title author date body strip strip_attr post_strip_attr dissolve native_ad_clue".split())
_TEXTS = frozenset("strip_id_or_class skip_id_or_class strip_image_src src_lazy_load_attr".split())
_SWITCHES = frozenset(
    "prune autodetect_on_failure autodetect_next_page insert_detected_image convert_double_br_tags footnotes "
    "skip_json_ld".split()
)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_HEADERS = frozenset(("cookie", "accept"))
_WRAPPERS = frozenset(
    "blockquote p div b i em strong h2 h3 h4 figure figcaption center fieldset section ul ol li pre "
    "code".split()
)
_WITHOUT_EFFECT = {
    "tidy": "there is only one parser",
    "parser": "there is only one parser",
    "strip_comments": "comments are left out unless the body holds them; then they stay",
    "single_page_link_in_feed": "entries link to their own pages",
    **dict.fromkeys(
        "requires_login login_uri login_username_field login_password_field login_extra_fields "
        "not_logged_in_xpath".split(),
        "logging in by form is not supported; give a cookie with http_header(cookie)",
    ),
}


@lru_cache(maxsize=20_000)
def compile_xpath(xpath: str) -> turbohtml.XPath | None:
    """Return a compiled expression, None if it is not XPath 1.0."""
    try:
        return turbohtml.XPath(xpath, smart_strings=True)
    except ValueError:
        return None


@dataclass(slots=True)
class _Reader:
    """The state of reading one file."""

    file: str
    values: dict[str, list[Any]] = field(default_factory=dict)
    switches: dict[str, bool] = field(default_factory=dict)
    finds: list[tuple[int, str]] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    last_link: str = ""
    ignored: list[IgnoredLine] = field(default_factory=list)
    number: int = 0
    text: str = ""

    def add(self, name: str, value: object) -> None:
        self.values.setdefault(name, []).append(value)

    def ignore(self, reason: str) -> None:
        self.ignored.append(
            IgnoredLine(file=self.file, line=self.number, text=self.text[:300], reason=reason)
        )


def parse_site_config(text: str, *, file: str) -> RuleFile:
    """Parse one site-config file. file: its name, for messages. Never raises: lines that cannot be used are
    reported."""
    reader = _Reader(file=file)
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            reader.number, reader.text = number, line.strip()
            _read_line(reader, line)
    _pair_replacements(reader)
    values: dict[str, Any] = {name: tuple(found) for name, found in reader.values.items()}
    values.update(reader.switches)
    return RuleFile(rules=SiteRules(sources=(file,), **values), ignored=tuple(reader.ignored))


def is_harmless(line: IgnoredLine) -> bool:
    """Say whether a line is ignored because this program does not need it, and not because it is wrong."""
    return line.reason in _WITHOUT_EFFECT.values()


def _read_line(reader: _Reader, line: str) -> None:
    found = _LINE.fullmatch(line)
    if found is None:
        reader.ignore("not of the form `name: value`")
        return
    name, argument, value = found[1].lower(), found[2], found[3].strip()
    rule = _RULES.get(name)
    if rule is not None:
        rule(reader, name, argument, value)
    elif name in _WITHOUT_EFFECT:
        reader.ignore(_WITHOUT_EFFECT[name])
    else:
        reader.ignore(f"unknown directive {name!r}")


_Rule = Callable[[_Reader, str, str | None, str], None]


def _xpath(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    if _is_usable(reader, value):
        reader.add(name, value)


def _is_usable(reader: _Reader, xpath: str) -> bool:
    if not xpath:
        reader.ignore("no expression given")
    elif compile_xpath(xpath) is None:
        reader.ignore("not an XPath 1.0 expression")
    else:
        return True
    return False


def _plain(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    if value:
        reader.add(name, value)
    else:
        reader.ignore("no value given")


def _switch(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    chosen = _YES_NO.get(value.lower())
    if chosen is None:
        reader.ignore("neither yes nor no")
    elif name in reader.switches:
        reader.ignore("set before; the first value counts")
    else:
        reader.switches[name] = chosen


def _page_link(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    reader.last_link = ""
    if _is_usable(reader, value):
        reader.add(name, PageLink(xpath=value))
        reader.last_link = name


def _guard(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    if not reader.last_link:
        reader.ignore("no single_page_link or next_page_link comes before it")
    elif _is_usable(reader, value):
        last = reader.values[reader.last_link].pop()
        reader.add(reader.last_link, PageLink(xpath=last.xpath, guard=value))


def _find(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    reader.finds.append((reader.number, value))


def _replace(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    if argument is None:
        reader.replaces.append(value)
    elif argument:
        reader.add("replacements", Replacement(find=argument, replace=value))
    else:
        reader.ignore("no text to find is given")


def _pair_replacements(reader: _Reader) -> None:
    """Pair find_string and replace_string by order; empty values count."""
    for index, (number, find) in enumerate(reader.finds):
        reader.number, reader.text = number, f"find_string: {find}"
        if index >= len(reader.replaces):
            reader.ignore("has no replace_string")
        elif not find:
            reader.ignore("no text to find is given")
        else:
            reader.add("replacements", Replacement(find=find, replace=reader.replaces[index]))
    for extra in reader.replaces[len(reader.finds) :]:
        reader.text = f"replace_string: {extra}"
        reader.ignore("has no find_string")


def _header(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    wanted = (argument or "").strip().lower()
    if wanted in ("user-agent", "referer"):
        reader.ignore("the user agent is fixed, and no referrer is sent")
    elif wanted not in _HEADERS:
        reader.ignore("only cookie and accept are sent")
    elif any(not character.isprintable() for character in value):
        reader.ignore("a header may not hold control characters")
    else:
        reader.add("headers", (wanted, value))


def _test_url(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    if value:
        reader.add("tests", RuleTest(url=value))
    else:
        reader.ignore("no address given")


def _test_contains(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    tests = reader.values.get("tests")
    if not tests:
        reader.ignore("no test_url comes before it")
    elif not value:
        reader.ignore("no text given")
    else:
        tests[-1] = RuleTest(url=tests[-1].url, contains=(*tests[-1].contains, value))


def _wrap(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    tag = (argument or "").strip().lower()
    if tag not in _WRAPPERS:
        reader.ignore(f"{tag or 'nothing'} cannot be wrapped around content")
    elif _is_usable(reader, value):
        reader.add("wraps", Wrap(xpath=value, tag=tag))


def _move(reader: _Reader, name: str, argument: str | None, value: str) -> None:
    target = (argument or "").strip()
    if not target or (target != "body" and compile_xpath(target) is None):
        reader.ignore("the target is not an XPath 1.0 expression")
    elif _is_usable(reader, value):
        reader.add("moves", Move(xpath=value, target=target))


_RULES: dict[str, _Rule] = {
    **dict.fromkeys(sorted(_XPATHS), _xpath),
    **dict.fromkeys(sorted(_TEXTS), _plain),
    **dict.fromkeys(sorted(_SWITCHES), _switch),
    "single_page_link": _page_link,
    "next_page_link": _page_link,
    "if_page_contains": _guard,
    "find_string": _find,
    "replace_string": _replace,
    "http_header": _header,
    "test_url": _test_url,
    "test_contains": _test_contains,
    "wrap_in": _wrap,
    "move_into": _move,
}

GLOBAL = "global.txt"
_FINGERPRINTS = (
    (lazy_regex(r"<meta[^>]{1,80}\bcontent=[\"']blogger\b", re.IGNORECASE), "fingerprint.blogspot.com.txt"),
    (
        lazy_regex(r"<meta[^>]{1,80}\bcontent=[\"']WordPress\b", re.IGNORECASE),
        "fingerprint.wordpress.com.txt",
    ),
    (
        lazy_regex(r"<meta[^>]{1,80}\bcontent=[\"']Posterous\b", re.IGNORECASE),
        "fingerprint.posterous.com.txt",
    ),
)


def file_names(host: str, start_of_page: str = "") -> tuple[str, ...]:
    """Return the names of the files for a host: of the host, its parent domain, its software, and the global
    one."""
    name = host.lower().removeprefix("www.")
    names = [f"{name}.txt"]
    if name.count(".") >= 2:
        names.append(f".{name.partition('.')[2]}.txt")
    elif name.count(".") == 1:
        names.append(f".{name}.txt")
    names += [file for pattern, file in _FINGERPRINTS if pattern.search(start_of_page[:20_000])]
    return (*names, GLOBAL)


def rules_for(
    host: str, folders: Iterable[Callable[[str], str | None]], start_of_page: str = ""
) -> SiteRules | None:
    """Return the merged rules for a host, None if no folder has any.

    folders: each returns the text of a file by its name, None if it has none; the user's own folders come
    first.
    """
    readers = list(folders)
    rules: SiteRules | None = None
    for name in file_names(host, start_of_page):
        for read in readers:
            text = read(name)
            if text is not None and (rules is not None or name != GLOBAL):
                found = parse_site_config(text, file=name).rules
                rules = found if rules is None else merged(rules, found)
    return rules
