"""Matching: which found structure is which true one, one to one.

Equal are:

- code with as many lines and the same first and last line; white space and the kind of quotes do not count,
  nor does the language, which has a figure of its own;
- tables with as many rows and the same first cells, and with a header where the true one has it;
- formulas with the same TeX, or, where one side has none, with the same letters and digits;
- notes whose texts begin alike;
- embeds of the same service and id;
- lists with as many items, alike in being numbered, with the same first and last item.

Texts are compared by their letters and digits.
"""

from collections.abc import Callable

from bench.structure.texts import Structure, folded, folded_code


def matched(kind: str, found: list[Structure], true: list[Structure]) -> dict[int, int]:
    """Return the pairs: number of a true structure -> number of the found one. Needed ones choose first."""
    same, free, pairs = SAME[kind], list(range(len(found))), dict[int, int]()
    for number in sorted(range(len(true)), key=lambda n: bool(true[n].get("optional"))):
        match = next((n for n in free if same(found[n], true[number])), None)
        if match is not None:
            free.remove(match)
            pairs[number] = match
    return pairs


def _begins(found: str, true: str) -> bool:
    return folded(found).startswith(folded(true)) or (
        folded(true).startswith(folded(found)) and len(found) >= len(true)
    )


def _same_code(found: Structure, true: Structure) -> bool:
    first, last = folded_code(found["first"]), folded_code(found["last"])
    true_first, true_last = folded_code(true["first"]), folded_code(true["last"])
    return bool(
        found["lines"] == true["lines"]
        and (first.startswith(true_first) or (first and true_first.startswith(first)))
        and (last.endswith(true_last) or (last and true_last.endswith(last)))
    )


def _same_table(found: Structure, true: Structure) -> bool:
    return bool(
        found["rows"] == true["rows"]
        and (found["header"] or not true["header"])
        and len(found["cells"]) == len(true["cells"])
        and all(_begins(a, b) for a, b in zip(found["cells"], true["cells"], strict=True))
    )


def _same_formula(found: Structure, true: Structure) -> bool:
    if found["tex"] and true.get("tex"):
        return bool(found["tex"] == true["tex"])
    return bool(true["symbols"]) and bool(found["symbols"] == true["symbols"])


def _same_note(found: Structure, true: Structure) -> bool:
    return _begins(found["text"], true["text"])


def _same_embed(found: Structure, true: Structure) -> bool:
    return bool(found["service"] == true["service"] and found["id"] == true["id"])


def _same_list(found: Structure, true: Structure) -> bool:
    return bool(
        found["items"] == true["items"]
        and found["ordered"] == true["ordered"]
        and _begins(found["first"], true["first"])
        and _begins(found["last"], true["last"])
    )


SAME: dict[str, Callable[[Structure, Structure], bool]] = {
    "code": _same_code,
    "tables": _same_table,
    "formulas": _same_formula,
    "notes": _same_note,
    "embeds": _same_embed,
    "lists": _same_list,
}
