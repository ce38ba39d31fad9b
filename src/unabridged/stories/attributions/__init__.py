"""Attributions: outlets and agencies that an article names as its sources, with the sentence as evidence. Pure."""

from unabridged.stories.attributions.find import find_attributions
from unabridged.stories.attributions.records import Attribution, Relation

__all__ = ["Attribution", "Relation", "find_attributions"]
