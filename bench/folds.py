"""Extraction with models that never saw a page's site: the shipped ones for new sites, a fold's for others.

`python -m train` writes `folds/<n>.npz`, models trained on all sites outside fold n, and `folds/sites.txt`,
hashes of the sites that training saw; `python -m train.kinds` writes `folds/kinds-<n>.npz`. A site's pages
share a fold, whichever set they come from.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from unabridged.extraction import extract
from unabridged.extraction.selection.kinds.models import (
    KindModels,
    read_kind_models,
    shipped_kind_models,
    use_kind_models,
)
from unabridged.extraction.selection.networks import Models, read_models, shipped_models, use_models
from unabridged.model import Article
from unabridged.urls import registrable_domain

FOLDS = 5
FOLDER = Path(__file__).parent / "folds"
SITES = FOLDER / "sites.txt"
COLLECTIONS = (
    ("wcxb",), ("fundus",), ("trafilatura",), ("daniel",), ("sites",),
    ("zhweb", "magic_article", "magic_forum"), ("mozilla", "newspaper4k"),
)  # fmt: skip
"""Sets by origin, for leaving one collection out."""
COLLECTION_MODELS = Path("/tmp/unabridged-train/collections")
"""Models that saw none of one collection, written by `python -m train --by-set`."""


def site_of(url: str | None, host: str, key: str) -> str:
    """Return the registrable domain of a page, or its own key where neither URL nor host is known."""
    name = host or (url or "").split("//", 1)[-1].split("/", 1)[0]
    return (registrable_domain(f"http://{name}/") or name) if name else key


def fold_of(site: str) -> int:
    """Return the fold of a site's pages: the same on every machine."""
    return int(hashlib.sha256(site.encode()).hexdigest()[:8], 16) % FOLDS


def collection_of(name: str) -> int:
    """Return the collection that a set belongs to."""
    return next(n for n, names in enumerate(COLLECTIONS) if name.split()[0] in names)


def hash_of(site: str) -> str:
    """Return the name of a site in the list of those that training saw."""
    return hashlib.sha256(site.encode()).hexdigest()[:12]


def models_for(url: str | None, host: str, key: str) -> Models:
    """Return models that were trained without a page's site."""
    site = site_of(url, host, key)
    return _fold_models(fold_of(site)) if hash_of(site) in _seen() else shipped_models()


def kind_models_for(url: str | None, host: str, key: str) -> KindModels:
    """Return models of page kinds that were trained without a page's site."""
    site = site_of(url, host, key)
    return _fold_kind_models(fold_of(site)) if hash_of(site) in _seen() else shipped_kind_models()


def extract_out_of_fold(html: bytes, *, url: str | None, host: str, key: str) -> Article:
    """Extract a page as the product does, with models that never saw its site."""
    with use_models(models_for(url, host, key)), use_kind_models(kind_models_for(url, host, key)):
        return extract(html, url=url)


@lru_cache(maxsize=FOLDS)
def _fold_models(fold: int) -> Models:
    return read_models((FOLDER / f"{fold}.npz").read_bytes())


@lru_cache(maxsize=FOLDS)
def _fold_kind_models(fold: int) -> KindModels:
    return read_kind_models((FOLDER / f"kinds-{fold}.npz").read_bytes())


@lru_cache(maxsize=1)
def _seen() -> frozenset[str]:
    return frozenset(SITES.read_text(encoding="ascii").split()) if SITES.is_file() else frozenset()
