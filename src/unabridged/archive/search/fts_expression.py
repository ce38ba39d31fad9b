"""Translation of a query tree to an FTS5 expression or a tsquery. Pure."""

from unabridged.archive.records.query_tree import And, Condition, Not, Or, Tree, Words
from unabridged.archive.search.query_language import leaves
from unabridged.archive.search_index.tokenizer import GAP
from unabridged.archive.search_index.writer import FIELD_MARK, LOST_MARK

EVERYTHING = Words(tokens=(GAP,))
"""Matches every document."""


def fts5(tree: Tree, anywhere: str = "{text}") -> str:
    """Return the FTS5 expression. anywhere: the columns for words without a field."""
    if isinstance(tree, Words):
        columns = anywhere if tree.field is None else tree.field
        return f'{columns} : "{" ".join(tree.tokens)}"{" *" if tree.prefix else ""}'
    if isinstance(tree, Or):
        return "(" + " OR ".join(fts5(part, anywhere) for part in tree.parts) + ")"
    if isinstance(tree, And):
        present = [part for part in tree.parts if not isinstance(part, Not)] or [EVERYTHING]
        absent = [part.part for part in tree.parts if isinstance(part, Not)]
        found = "(" + " AND ".join(fts5(part, anywhere) for part in present) + ")"
        for part in absent:
            found = f"({found} NOT {fts5(part, anywhere)})"
        return found
    if isinstance(tree, Not):
        return fts5(And((tree,)), anywhere)
    raise _not_indexed(tree)


def fts5_past(tree: Tree) -> str:
    """Return the FTS5 expression for words that only earlier versions had."""
    return f"({fts5(tree, '{text past}')} NOT {fts5(tree)})"


def tsquery(tree: Tree, *, past: bool = False) -> str:
    """Return the tsquery. past: removed lines count as text."""
    if isinstance(tree, Words):
        return "(" + " | ".join(_phrase(tree, mark) for mark in _marks(tree, past)) + ")"
    if isinstance(tree, Not):
        return f"!{tsquery(tree.part, past=past)}"
    if isinstance(tree, And | Or):
        sign = " & " if isinstance(tree, And) else " | "
        return "(" + sign.join(tsquery(part, past=past) for part in tree.parts) + ")"
    raise _not_indexed(tree)


def tsquery_past(tree: Tree) -> str:
    """Return the tsquery for words that only earlier versions had."""
    return f"({tsquery(tree, past=True)} & !{tsquery(tree)})"


def tsquery_lost(tree: Tree, *, past: bool = False) -> str:
    """Return the tsquery for rows that lost positions of a token in one of the tree's phrases."""
    lost = [f"'{LOST_MARK}'"]
    for leaf in leaves(tree):
        if isinstance(leaf, Words) and len(leaf.tokens) > 1:
            for mark in _marks(leaf, past):
                found = [f"'{LOST_MARK}{mark}{token}'" for token in leaf.tokens]
                lost += [*found[:-1], found[-1] + (":*" if leaf.prefix else "")]
    return " | ".join(dict.fromkeys(lost))


def _marks(words: Words, past: bool) -> list[str]:
    """Return the token prefixes of the fields to search."""
    if words.field not in (None, "fact"):
        return [FIELD_MARK + words.field[0]]
    return ["", FIELD_MARK + "p"] if past and words.field is None else [""]


def _phrase(words: Words, mark: str) -> str:
    tokens = [f"'{mark}{token}'" for token in words.tokens]
    return "(" + " <-> ".join(tokens) + (":*" if words.prefix else "") + ")"


def _not_indexed(tree: Condition) -> TypeError:
    return TypeError(f"{tree.name}: is not in the text index")
