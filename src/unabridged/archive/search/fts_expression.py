"""A tree of words in the language of either index: an FTS5 expression or a tsquery. Pure."""

from unabridged.archive.search.query_language import And, Condition, Not, Or, Tree, Words, leaves
from unabridged.archive.search_index.tokenizer import GAP
from unabridged.archive.search_index.writer import FIELD_MARK, LOST_MARK

EVERYTHING = Words(tokens=(GAP,))
"""What every document has."""


def fts5(tree: Tree, anywhere: str = "{text}") -> str:
    """The expression for FTS5. anywhere: the columns in which words without a field are looked for."""
    if isinstance(tree, Words):
        columns = anywhere if tree.field is None else tree.field
        return f'{columns} : "{" ".join(tree.tokens)}"{" *" if tree.prefix else ""}'
    if isinstance(tree, Or):
        return "(" + " OR ".join(fts5(part, anywhere) for part in tree.parts) + ")"
    if isinstance(tree, And):
        there = [part for part in tree.parts if not isinstance(part, Not)] or [EVERYTHING]
        absent = [part.part for part in tree.parts if isinstance(part, Not)]
        found = "(" + " AND ".join(fts5(part, anywhere) for part in there) + ")"
        for part in absent:
            found = f"({found} NOT {fts5(part, anywhere)})"
        return found
    if isinstance(tree, Not):
        return fts5(And((tree,)), anywhere)
    raise _unanswered(tree)


def fts5_past(tree: Tree) -> str:
    """The expression for what only earlier versions had."""
    return f"({fts5(tree, '{text past}')} NOT {fts5(tree)})"


def tsquery(tree: Tree, *, past: bool = False) -> str:
    """The tsquery, as PostgreSQL reads it. past: lost lines count as text."""
    if isinstance(tree, Words):
        return "(" + " | ".join(_row(tree, mark) for mark in _marks(tree, past)) + ")"
    if isinstance(tree, Not):
        return f"!{tsquery(tree.part, past=past)}"
    if isinstance(tree, And | Or):
        sign = " & " if isinstance(tree, And) else " | "
        return "(" + sign.join(tsquery(part, past=past) for part in tree.parts) + ")"
    raise _unanswered(tree)


def tsquery_past(tree: Tree) -> str:
    """The tsquery for what only earlier versions had."""
    return f"({tsquery(tree, past=True)} & !{tsquery(tree)})"


def tsquery_lost(tree: Tree, *, past: bool = False) -> str:
    """The tsquery for rows that lost places of a token whose order the tree asks for."""
    lost = [f"'{LOST_MARK}'"]
    for leaf in leaves(tree):
        if isinstance(leaf, Words) and len(leaf.tokens) > 1:
            for mark in _marks(leaf, past):
                found = [f"'{LOST_MARK}{mark}{token}'" for token in leaf.tokens]
                lost += [*found[:-1], found[-1] + (":*" if leaf.prefix else "")]
    return " | ".join(dict.fromkeys(lost))


def _marks(words: Words, past: bool) -> list[str]:
    """What the tokens of the fields begin with in which words are looked for."""
    if words.field not in (None, "fact"):
        return [FIELD_MARK + words.field[0]]
    return ["", FIELD_MARK + "p"] if past and words.field is None else [""]


def _row(words: Words, mark: str) -> str:
    tokens = [f"'{mark}{token}'" for token in words.tokens]
    return "(" + " <-> ".join(tokens) + (":*" if words.prefix else "") + ")"


def _unanswered(tree: Condition) -> TypeError:
    return TypeError(f"the index knows nothing of {tree.name}:")
