"""Attributions: outlets and agencies that an article names as its sources, with the sentence. Pure."""

from unabridged.stories.attributions.find import find_attributions
from unabridged.stories.attributions.outlets import outlet_of
from unabridged.stories.attributions.records import Attribution, Outlet, Relation

__all__ = ["Attribution", "Outlet", "Relation", "find_attributions", "outlet_of"]
