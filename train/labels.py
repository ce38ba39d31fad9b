"""Labels of a page's blocks: alignment of the page's words with those of the true text."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import LCSseq

from unabridged.extraction.selection.blocks import Layout
from unabridged.text.scripts import COMPATIBLE_HAN_AND_KANA

WORD = re.compile(rf"[{COMPATIBLE_HAN_AND_KANA}]|[^\W{COMPATIBLE_HAN_AND_KANA}]+")
LEAST_RUN = 3
"""Matches of fewer words in a row are chance (a menu's "News" is not a sentence's "news")."""


@dataclass(slots=True)
class Labels:
    """tokens: words of each block; hits: those in the truth; known: blocks that the truth covers."""

    tokens: np.ndarray
    hits: np.ndarray
    known: np.ndarray


def label(layout: Layout, truth: dict[str, Any]) -> Labels:
    """Align a page with its truth; a truth of segments covers only few blocks."""
    words = [WORD.findall(text) for text in layout.texts]
    tokens = np.array([len(w) for w in words], dtype=np.int32)
    if "text" in truth:
        hits = _aligned(words, WORD.findall(truth["text"]))
        return Labels(tokens, hits, np.ones(len(words), dtype=bool))
    folded = layout.texts
    wanted = np.array([_holds(text, truth.get("with", ())) for text in folded], dtype=bool)
    unwanted = np.array([_holds(text, truth.get("without", ())) for text in folded], dtype=bool)
    known = wanted ^ unwanted
    return Labels(tokens, np.where(wanted, tokens, 0).astype(np.int32), known)


def _holds(text: str, segments: Any) -> bool:
    return any(" ".join(segment.split()) in text for segment in segments)


def _aligned(words: list[list[str]], gold: list[str]) -> np.ndarray:
    flat = [word for block in words for word in block]
    owner = np.repeat(np.arange(len(words)), [len(block) for block in words])
    hits = np.zeros(len(words), dtype=np.int32)
    for step in LCSseq.opcodes(flat, gold) if flat and gold else ():
        start, end = int(step.src_start), int(step.src_end)
        if step.tag == "equal" and end - start >= LEAST_RUN:
            np.add.at(hits, owner[start:end], 1)
    return hits
