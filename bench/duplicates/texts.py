"""True article texts of the corpora, each once."""

import re
from dataclasses import dataclass

from bench import corpora

LEAST_CHARACTERS = 400
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A true article text. set: where it is from. language: zh or ja by its letters, else "" for spaced."""

    text: str
    set: str
    language: str


def true_texts(wanted: frozenset[str] = frozenset(), sample: int | None = None) -> list[Text]:
    """Return the true texts of LEAST_CHARACTERS and more, without repetition."""
    seen: set[str] = set()
    found: list[Text] = []
    for part in corpora.page_sets(corpora.corpus_folder(), wanted, sample):
        for case in part.cases:
            text = case.truth.get("text", "")
            flat = " ".join(text.split())
            if len(flat) >= LEAST_CHARACTERS and flat not in seen:
                seen.add(flat)
                found.append(Text(text=text, set=part.name, language=_language(flat)))
    return found


def _language(text: str) -> str:
    letters = len(_HAN.findall(text))
    if letters < len(text) * 0.2:
        return ""
    return "ja" if len(_KANA.findall(text)) > letters * 0.2 else "zh"
