"""Pages of invented sites whose scripts write the text: the cases of text outside the DOM, told anew.

Every copy has its own title, address and paragraphs. Words are replaced by words of equal length, so that the
lengths that some formats state stay true.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
OUTSIDE = "text outside the DOM"
_WORDS = (
    "lighthouse courthouse greenhouse waterwheel schoolroom playground",
    "lamp bell horn mast sail gate",
    "village harbour factory theatre orchard station",
    "evening morning weekday holiday weekend quarter",
    "letter report notice record poster ledger",
    "council parlour company section academy embassy",
    "skarv holmen-x bergo sundy tarnx vikla",
    "Skarv Holme Bergo Sundy Tarne Vikla",
    "In_October At_midyear By_January In_January On_Fridays In_evening",
    "counter bedroom kitchen hallway stairwy terrace",
    "What_it_did What_he_had Much_it_had What_we_did More_it_had How_it_could",
    "The_coastal The_federal Our_coastal One_coastal This_county That_harbor",
    "The_man_who The_boy_who The_one_who Nobody_who Someone_who Anybody_who",
)
_CHOICES = {
    choices[0]: choices for words in _WORDS for choices in [[one.replace("_", " ") for one in words.split()]]
}
_FOUND = re.compile("|".join(sorted(_CHOICES, key=len, reverse=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPage:
    """A page and the texts that its article must and must not contain."""

    url: str
    html: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]


def retold(text: str, number: int) -> str:
    """Return a text of the cases with the words of another article; number: 0 to 5, 0 for the case itself."""
    return _FOUND.sub(lambda word: _same_length(word[0], number), text)


def _same_length(word: str, number: int) -> str:
    other = _CHOICES[word][number % len(_CHOICES[word])]
    return other[: len(word)].ljust(len(word), "s")


@lru_cache(maxsize=100)
def _case(name: str) -> tuple[str, str]:
    folder = CASES / name
    return (folder / "page.html").read_text(encoding="utf-8"), (folder / "expected.json").read_text()


def data_cases() -> list[str]:
    """Return the names of the cases whose text is in the page's data."""
    found = []
    for path in sorted(CASES.glob("*/expected.json")):
        given = json.loads(path.read_text(encoding="utf-8"))
        if given.get("kind") == OUTSIDE and given.get("must_contain"):
            found.append(path.parent.name)
    return found


def data_page(name: str, number: int) -> DataPage:
    """Return one page of the site of a case."""
    html, given = _case(name)
    wanted = json.loads(retold(given, number))
    return DataPage(
        url=wanted["url"],
        html=retold(html, number),
        must=tuple(wanted["must_contain"]),
        must_not=tuple(wanted["must_not_contain"]),
    )
