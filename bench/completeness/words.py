"""Texts in twelve languages for made pages and cuts, written for this set: `texts.json`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja", "ar")


@cache
def all_words() -> Mapping[str, Mapping[str, Any]]:
    """Return language -> name of a text -> the text, or a list of texts."""
    folder = Path(__file__).resolve().parent
    found: Mapping[str, Mapping[str, Any]] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    return found


def words(language: str) -> Mapping[str, Any]:
    """Return the texts of a language ("pt-BR" too), those in English for an unknown one."""
    return all_words().get(language.partition("-")[0].lower(), all_words()["en"])
