"""Outlets and agencies known by name: the list, and their names found in a text in one pass."""

from functools import cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick, MatchKind

from unabridged.stories.attributions.records import Mention, Outlet
from unabridged.text.scripts import CJK_LETTER

ARABIC_PREFIXES = "وفبلكـ"
"""Words of one letter that Arabic writes together with the next word, and the stroke that joins them."""
NOT_THE_NAME = {
    "社": "会會区區交团團科论論保",
    "报": "道导告名复考销价",
    "報": "道導告名復考銷價",
    "网": "络友",
    "台": "湾灣",
}
"""Last letter of a Chinese name -> letters that make it the beginning of another word: 中央社会, 声明报道."""

MAX_LABELS = 5
"""Labels of a host name that are looked at, from its end."""


@cache
def outlets() -> tuple[tuple[Outlet, tuple[str, ...]], ...]:
    """Return the outlets of data/outlets.tsv, each with its names.

    A name that begins with "?" is ambiguous; one that ends in "@es" holds only in texts of that language.
    """
    lines = files(__package__).joinpath("data/outlets.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:])
    return tuple(
        (Outlet(domain=domain, country=country, name=name), tuple(forms.split("|")))
        for domain, country, name, forms in rows
    )


@cache
def _automaton(language: str) -> tuple[AhoCorasick, tuple[tuple[Outlet, bool], ...]]:
    """Return the automaton over all names, and the outlet and ambiguity of each."""
    known: dict[str, tuple[Outlet, bool]] = {}
    for outlet, forms in outlets():
        for form in forms:
            name, _, only = form.partition("@")
            if only in ("", language):
                known.setdefault(name.lstrip("?"), (outlet, name.startswith("?")))
    return AhoCorasick(list(known), matchkind=MatchKind.LeftmostLongest), tuple(known.values())


@cache
def _by_domain() -> dict[str, Outlet]:
    return {outlet.domain: outlet for outlet, _ in outlets()}


def outlet_of(host: str) -> Outlet | None:
    """Return the listed outlet that a host belongs to, by its longest listed domain; None for others."""
    labels = host.lower().split(".")[-MAX_LABELS:]
    domains = (".".join(labels[place:]) for place in range(len(labels)))
    return next((_by_domain()[domain] for domain in domains if domain in _by_domain()), None)


def find_outlets(text: str, language: str) -> list[Mention]:
    """Return the places of a text that name a known outlet, in order; linear in the text.

    Names in Latin, Cyrillic and Arabic letters are whole words; Chinese and Japanese have none.
    """
    automaton, known = _automaton(language)
    found = []
    for number, start, end in automaton.find_matches_as_indexes(text):
        if _is_a_name(text, start, end):
            outlet, ambiguous = known[number]
            found.append(Mention(start=start, end=end, outlet=outlet, ambiguous=ambiguous))
    return found


def _is_a_name(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if CJK_LETTER.match(text[end - 1]):
        return after == "" or after not in NOT_THE_NAME.get(text[end - 1], "")
    return _ends_a_word(after) and (_ends_a_word(before) or _is_prefix(text, start))


def _ends_a_word(beside: str) -> bool:
    return not beside.isalnum() or CJK_LETTER.match(beside) is not None


def _is_prefix(text: str, start: int) -> bool:
    """Tell whether one or two Arabic prefixes, and no other letter, stand before the name."""
    for place in range(start - 1, start - 4, -1):
        if place < 0 or not text[place].isalnum():
            return True
        if text[place] not in ARABIC_PREFIXES:
            return False
    return False
