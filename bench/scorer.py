"""Scores of extraction: texts, segments, titles, days, authors and lead images against truths.

Conventions, those of the public benchmarks:
  whole text  scrapinghub/article-extraction-benchmark. Tokens are runs of `\\w`; shingles are 4-grams
              counted with multiplicity. Right, wrong and missing shingles of a page are divided by their sum;
              precision and recall are means over the pages that have one; F1 is the harmonic mean of the two
              means. Where the true text is mainly Chinese or Japanese, an ideograph or kana is a token.
  segments    trafilatura's evaluation. Sub-strings after folding white space, summed over all pages.
  bag         WCXB: F1 of the bags of lower-case tokens, mean over pages.
  fields      share of the pages with a truth on which the given value agrees with it.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

Truth = Mapping[str, Any]
"""One line of truth.jsonl; its fields are told in docs/how-to/examination.md."""
Prediction = Mapping[str, Any]
"""Fields given by an extractor: text, title, date, authors, lead_image; any may be absent or None."""

SHINGLE = 4
CHINESE_SHARE = 0.3
"""Least share of ideographs and kana among a text's letters for it to be told by characters."""
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_WORDS = re.compile(r"\w+")
_WORDS_AND_IDEOGRAPHS = re.compile(rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_BETWEEN_NAMES = re.compile(r"\s*(?:[,;&/|、，]|\band\b|\bund\b|\by\b)\s*")
_BEFORE_A_NAME = re.compile(r"^(?:by|von|par|por)\s+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatch:
    """Shares of one page's shingles, adding up to 1, or all 0 where both texts are empty.

    exact: the tokens are the same, in the same order.
    """

    right: float
    wrong: float
    missing: float
    exact: bool

    @property
    def precision(self) -> float | None:
        return share(self.right, self.wrong)

    @property
    def recall(self) -> float | None:
        return share(self.right, self.missing)

    @property
    def f1(self) -> float:
        """F1 of the page alone; 1 where both texts are empty."""
        whole = 2 * self.right + self.wrong + self.missing
        return 2 * self.right / whole if whole else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentCounts:
    """Segments of one page or of many. right: found as they must be; kept_out: absent as they must be."""

    right: int
    missing: int
    wrong: int
    kept_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Precision, recall and their harmonic mean, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return harmonic_mean(self.precision, self.recall)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextScores:
    """Scores of whole texts. exact: share of pages whose tokens are all right."""

    pages: int
    rates: Rates
    exact: float
    bag_f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentScores:
    """Scores of segments. accuracy: share of segments that are where they belong."""

    pages: int
    rates: Rates
    accuracy: float
    counts: SegmentCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScores:
    """Scores of one field. rate: share right; given: share with any value."""

    pages: int
    rate: float
    given: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScores:
    """Scores of one set; None or absent where no page has a truth for them."""

    pages: int
    text: TextScores | None = None
    segments: SegmentScores | None = None
    fields: dict[str, FieldScores] = field(default_factory=dict)


# ---- whole texts -------------------------------------------------------------------------------


def is_chinese_or_japanese(text: str) -> bool:
    """Return true for a text of which more than CHINESE_SHARE of the letters are ideographs or kana."""
    letters_ = sum(map(str.isalpha, text))
    return letters_ > 0 and len(_IDEOGRAPH.findall(text)) > CHINESE_SHARE * letters_


def tokenizer(gold: str) -> Callable[[str], list[str]]:
    """Return the function that makes tokens of texts in the script of the true one."""
    return (_WORDS_AND_IDEOGRAPHS if is_chinese_or_japanese(gold) else _WORDS).findall


def shingles(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Return the counted 4-grams; fewer than four tokens are one shingle, none are none."""
    if 0 < len(tokens) < SHINGLE:
        return Counter((tuple(tokens),))
    return Counter(zip(*(tokens[start:] for start in range(SHINGLE)), strict=False))


def match_text(gold: str, given: str) -> TextMatch:
    """Compare one page's text with the true one."""
    tokens = tokenizer(gold)
    true_tokens, given_tokens = tokens(gold), tokens(given)
    true, found = shingles(true_tokens), shingles(given_tokens)
    right = (true & found).total()
    wrong, missing = found.total() - right, true.total() - right
    whole = (right + wrong + missing) or 1
    return TextMatch(
        right=right / whole,
        wrong=wrong / whole,
        missing=missing / whole,
        exact=true_tokens == given_tokens,
    )


def text_rates(matches: Iterable[TextMatch]) -> Rates:
    """Return the rates of a set: means over the pages on which each is defined, 0 where on none."""
    matches = list(matches)
    precisions = [match.precision for match in matches if match.precision is not None]
    recalls = [match.recall for match in matches if match.recall is not None]
    return Rates(
        precision=fmean(precisions) if precisions else 0.0, recall=fmean(recalls) if recalls else 0.0
    )


def bag_f1(gold: str, given: str) -> float:
    """Return the F1 of the bags of lower-case tokens of one page; 1 where both are empty."""
    tokens = tokenizer(gold)
    true, found = Counter(tokens(gold.lower())), Counter(tokens(given.lower()))
    whole = true.total() + found.total()
    return 2 * (true & found).total() / whole if whole else 1.0


def text_scores(pairs: Sequence[tuple[str, str]]) -> TextScores:
    """Score (true text, given text) of at least one page."""
    matches = [match_text(gold, given) for gold, given in pairs]
    return TextScores(
        pages=len(pairs),
        rates=text_rates(matches),
        exact=fmean(match.exact for match in matches),
        bag_f1=fmean(bag_f1(gold, given) for gold, given in pairs),
    )


# ---- segments ----------------------------------------------------------------------------------


def count_segments(truth: Truth, given: str) -> SegmentCounts:
    """Count the segments of one page that must (`with`) and must not (`without`) be in its text."""
    text = fold(given)
    wanted, unwanted = truth.get("with", ()), truth.get("without", ())
    right = sum(fold(segment) in text for segment in wanted)
    wrong = sum(fold(segment) in text for segment in unwanted)
    return SegmentCounts(
        right=right, missing=len(wanted) - right, wrong=wrong, kept_out=len(unwanted) - wrong
    )


def segment_scores(counts: Sequence[SegmentCounts]) -> SegmentScores:
    """Score the sum of the counts of at least one segment."""
    sums = SegmentCounts(
        right=sum(one.right for one in counts),
        missing=sum(one.missing for one in counts),
        wrong=sum(one.wrong for one in counts),
        kept_out=sum(one.kept_out for one in counts),
    )
    whole = sums.right + sums.missing + sums.wrong + sums.kept_out
    return SegmentScores(
        pages=len(counts),
        rates=Rates(
            precision=share(sums.right, sums.wrong) or 0.0, recall=share(sums.right, sums.missing) or 0.0
        ),
        accuracy=(sums.right + sums.kept_out) / whole if whole else 0.0,
        counts=sums,
    )


# ---- fields ------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Return a text with runs of white space as one space."""
    return " ".join(text.split())


def plain(text: str | None) -> str:
    """Return a text without differences of case, width, quotes, entities and white space."""
    return fold(unicodedata.normalize("NFKC", html.unescape(text or "")).casefold().translate(_QUOTES))


def letters(text: str | None) -> str:
    """Return only the letters and digits of a text, folded by `plain`."""
    return re.sub(r"[\W_]+", "", plain(text))


def people(authors: str | Iterable[str] | None) -> set[str]:
    """Return the names in a list of authors, or in a string that joins them."""
    given = [authors] if isinstance(authors, str) else authors or ()
    names = (name for one in given for name in _BETWEEN_NAMES.split(plain(one)))
    return {_BEFORE_A_NAME.sub("", name).strip(" .") for name in names} - {""}


def day(date: object) -> str | None:
    """Return the day at the beginning of a date, as YYYY-MM-DD."""
    found = _DAY.match(str(date or ""))
    return found[0] if found else None


def without_query(address: str | None) -> str:
    """Return an address up to its query."""
    return (address or "").partition("?")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTest:
    """Test of one field. key: field of the truth; given: field of the prediction that it is compared with."""

    key: str
    given: str
    agrees: Callable[[Any, Any], bool]


FIELDS = {
    "title": FieldTest(key="title", given="title", agrees=lambda true, given: plain(true) == plain(given)),
    "title_loose": FieldTest(
        key="title", given="title", agrees=lambda true, given: letters(true) == letters(given)
    ),
    "date": FieldTest(key="date", given="date", agrees=lambda true, given: day(true) == day(given)),
    "authors": FieldTest(
        key="authors", given="authors", agrees=lambda true, given: people(true) == people(given)
    ),
    "lead_image": FieldTest(
        key="lead_image",
        given="lead_image",
        agrees=lambda true, given: without_query(true) == without_query(given),
    ),
    "lead_text": FieldTest(
        key="lead_text", given="text", agrees=lambda true, given: letters(true) in letters(given)
    ),
}


def field_scores(test: FieldTest, pairs: Iterable[tuple[Truth, Prediction]]) -> FieldScores | None:
    """Score one field; None where no page has a truth, or where the extractor never gives a value."""
    known = [(truth, given) for truth, given in pairs if truth.get(test.key)]
    if not any(given.get(test.given) for _, given in known):
        return None
    return FieldScores(
        pages=len(known),
        rate=fmean(test.agrees(truth[test.key], given.get(test.given)) for truth, given in known),
        given=fmean(bool(given.get(test.key)) for _, given in known),
    )


# ---- sets --------------------------------------------------------------------------------------


def score(truths: Iterable[Truth], predictions: Mapping[str, Prediction]) -> SetScores:
    """Score a set. predictions: by the truths' ids; a page without one counts as an empty extraction."""
    pairs: list[tuple[Truth, Prediction]] = [(truth, predictions.get(truth["id"]) or {}) for truth in truths]
    whole = [(truth["text"], given.get("text") or "") for truth, given in pairs if "text" in truth]
    segments = [
        count_segments(truth, given.get("text") or "")
        for truth, given in pairs
        if "with" in truth or "without" in truth
    ]
    found = {name: field_scores(test, pairs) for name, test in FIELDS.items()}
    return SetScores(
        pages=len(pairs),
        text=text_scores(whole) if whole else None,
        segments=segment_scores(segments) if segments else None,
        fields={name: scores for name, scores in found.items() if scores is not None},
    )


def share(hit: float, miss: float) -> float | None:
    """Return hit / (hit + miss), None where both are 0."""
    return hit / (hit + miss) if hit + miss else None


def harmonic_mean(first: float, second: float) -> float:
    """Return the harmonic mean of two rates, 0 where one is 0."""
    return 2 * first * second / (first + second) if first and second else 0.0
