"""Profiles of articles: the terms that say what one is about, with weights, to be compared. Pure.

Terms are tokens of the search tokenizer, longer words cut to their first letters, which stands for a stem in
every language (McNamee and Mayfield 2004). A weight is the logarithm of the term's frequency times the square
of its inverse document frequency in the language (TF-IDF); terms of the title and names count for more. Names
are words with a capital letter; in scripts without them, terms that recur in the title and the text.
"""

import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import islice
from zlib import crc32

MAX_TOKENS = 400
"""Tokens of a text that count: reports state their facts first."""

STEM = 6
"""Letters of a word that count, in scripts with spaces between words."""

TERMS = 40
"""Terms of a profile, those with most weight."""

KEYS = 12
"""Terms by which articles are found: the first ones of a profile."""

IN_TITLE = 2.0
"""Occurrences in the text that one in the title stands for."""

NAME, NUMBER, SHORT = 1.6, 1.5, 0.5
"""Factors of the weight: of names, of numbers, and of other words of at most SHORT_LETTERS letters."""

SHORT_LETTERS = 3

RECURRING = 3.0
"""Occurrences from which a term of a script without capital letters is taken for a name."""

ONCE = 0.6
"""Factor of the weight of two letters of an unspaced script that do not recur: they may be of two words."""

PRIOR_ARTICLES, PRIOR_SHARE = 200, 0.005
"""Presumption about a term before any article: in how many of how many it is."""

_DIGIT = re.compile(r"\d")
_ARABIC_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=..)")
_SCALE = 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCounts:
    """Terms of an article. frequencies: hash of a term -> its occurrences, each in the title for IN_TITLE.

    names: those that are names. factors: factors of weights that are not 1. language: two letters,
    "" if it is unknown.
    """

    language: str
    frequencies: dict[int, float]
    names: frozenset[int]
    factors: dict[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Subject of an article. weights: hash of a term -> weight, most weight first; squares sum up to 1.

    names: terms that are names. hour: when it was published, in hours since 1970.
    """

    language: str
    hour: float
    weights: dict[int, float]
    names: frozenset[int]

    @property
    def keys(self) -> tuple[int, ...]:
        """Hashes of the terms by which the article is found."""
        return tuple(islice(self.weights, KEYS))


def count_terms(
    title: str, text: str, language: str | None, tokens_of: Callable[[str], Sequence[str]]
) -> TermCounts:
    """Count the terms of an article. tokens_of: the search tokenizer, with folding."""
    body = text[: MAX_TOKENS * 8]
    counts: Counter[str] = Counter(islice(tokens_of(body), MAX_TOKENS))
    titled = set(tokens_of(title))
    capitals = frozenset(tokens_of(_capitalised(f"{title}\n{body}")))
    frequencies: dict[int, float] = {}
    names: set[int] = set()
    factors: dict[int, float] = {}
    for token in counts.keys() | titled:
        term = _term(token)
        if term is None:
            continue
        key, has_digit = term
        times = counts[token] + IN_TITLE * (token in titled)
        frequencies[key] = frequencies.get(key, 0.0) + times
        if has_digit:
            factors[key] = NUMBER
        elif token in capitals or (times >= RECURRING and token[0].upper() == token[0]):
            names.add(key)
            factors[key] = NAME
        elif times < RECURRING and token[0] >= "\u3000":
            factors[key] = ONCE
        elif len(token) <= SHORT_LETTERS and token[0] < "\u3000":
            factors[key] = SHORT
    return TermCounts(
        language=(language or "")[:2].lower(),
        frequencies=frequencies,
        names=frozenset(names),
        factors=factors,
    )


def _capitalised(text: str) -> str:
    return " ".join(word for word in text.split() if word[0].isupper() or word[1:2].isupper())


@lru_cache(maxsize=1 << 16)
def _term(token: str) -> tuple[int, bool] | None:
    """Return the hash of a token's term, and whether it has a digit; None for one without a meaning."""
    if "\ue000" <= token[-1] <= "\uf8ff":
        return None  # the last letter of a run, which is in the token before
    if token[0] >= "\u3000" or token[0].isdigit():
        term = token
    elif "\u0620" <= token[0] <= "\u064a":
        term = _ARABIC_ARTICLE.sub("", token)[:STEM]
    else:
        term = token[:STEM]
    return crc32(term.encode("utf-8", "surrogatepass")), _DIGIT.search(term) is not None


def profile(counts: TermCounts, hour: float, rarity: Mapping[int, float]) -> Profile:
    """Return the profile of an article. rarity: of its terms in texts of its language, see `rarity_of`."""
    factors = counts.factors
    weighted = {
        key: math.log1p(times) * rarity[key] ** 2 * factors.get(key, 1.0)
        for key, times in counts.frequencies.items()
    }
    best = nlargest(TERMS, weighted.items(), key=lambda item: (item[1], item[0]))
    length = math.sqrt(sum(weight * weight for _, weight in best)) or 1.0
    weights = {key: weight / length for key, weight in best if weight > 0}
    names = frozenset(weights) & counts.names
    return Profile(language=counts.language, hour=hour, weights=weights, names=names)


def rarity_of(count: int, articles: int) -> float:
    """Return the logarithm of how rare a term is. count: articles of its language with it, of `articles`."""
    return max(0.0, math.log((articles + PRIOR_ARTICLES) / (count + PRIOR_ARTICLES * PRIOR_SHARE)))


def packed(one: Profile) -> bytes:
    """Return the terms of a profile as bytes, 6 each; weights of names are negative."""
    count = len(one.weights)
    values = [
        -max(1, round(weight * _SCALE)) if key in one.names else max(1, round(weight * _SCALE))
        for key, weight in one.weights.items()
    ]
    return struct.pack(f"<{count}I{count}h", *one.weights, *values)


def unpacked(data: bytes, language: str, hour: float) -> Profile:
    """Return the profile that was packed."""
    count = len(data) // 6
    fields = struct.unpack(f"<{count}I{count}h", data)
    keys, values = fields[:count], fields[count:]
    return Profile(
        language=language,
        hour=hour,
        weights={key: abs(value) / _SCALE for key, value in zip(keys, values, strict=True)},
        names=frozenset(key for key, value in zip(keys, values, strict=True) if value < 0),
    )
