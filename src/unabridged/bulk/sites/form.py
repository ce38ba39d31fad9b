"""Check of a record from outside against the types of its fields."""

from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints


def has_form(value: object, kind: Any) -> bool:
    """Tell if a value is of a type, and a record's fields are of theirs.

    kind: a dataclass, str, int, float, bool, None, a Literal, a union, or a tuple of any length of one of
    these.
    """
    origin = get_origin(kind)
    if origin is UnionType:
        return any(has_form(value, one) for one in get_args(kind))
    if origin is tuple:
        return isinstance(value, tuple) and all(has_form(item, get_args(kind)[0]) for item in value)
    if origin is Literal:
        return value in get_args(kind)
    if is_dataclass(kind):
        assert isinstance(kind, type)
        return isinstance(value, kind) and all(
            has_form(getattr(value, name), hint) for name, hint in _hints(kind)
        )
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is kind


@lru_cache(maxsize=50)
def _hints(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((item.name, hints[item.name]) for item in fields(kind))
