"""Requests of apps to the Miniflux API: the caller, the numbers in the path, and the JSON of the body."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from starlette.datastructures import Headers

from unabridged.archive.records.library import Token
from unabridged.serve.sync.callers import Asked, BadToken, Find
from unabridged.serve.sync.miniflux.answers import Refusal
from unabridged.serve.sync.parameters import MAX_NUMBER

_Value = TypeVar("_Value", str, int, bool)

TYPE_NAMES: Mapping[type, str] = {str: "a string", int: "a whole number", bool: "true or false"}


def caller_of(headers: Headers, find: Find) -> Token:
    """Return the token in X-Auth-Token, or else in the password of HTTP's own login. Raises BadToken.

    A wrong X-Auth-Token counts, whatever else is sent. The name says nothing that the token does not.
    """
    secret = headers.get("x-auth-token", "").strip() or _password(headers.get("authorization", ""))
    found = find(secret) if secret else None
    if found is None:
        raise BadToken
    return found


def _password(header: str) -> str:
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of a JSON body; unknown ones are accepted."""

    given: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """Return a field; None if it is missing. Raises Refusal for another type."""
        return self._of(name, str)

    def number(self, name: str) -> int | None:
        """Return a whole number; None if it is missing. Raises Refusal for another type."""
        return self._of(name, int)

    def switch(self, name: str) -> bool | None:
        return self._of(name, bool)

    def _of(self, name: str, kind: type[_Value]) -> _Value | None:
        value = self.given.get(name)
        if value is None:
            return None
        if type(value) is not kind:
            raise Refusal(400, f"The field {name!r} must be {TYPE_NAMES[kind]}.")
        return value

    def numbers(self, name: str) -> list[int]:
        """Return a list of whole numbers, each once; [] if it is missing. Raises Refusal for another type."""
        value = self.given.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(type(one) is int for one in value):
            raise Refusal(400, f"The field {name!r} must be a list of whole numbers.")
        return [one for one in dict.fromkeys(value) if 0 < one < MAX_NUMBER]

    def texts(self, name: str) -> list[str]:
        """Return a list of strings; [] if it is missing. Raises Refusal for another type."""
        value = self.given.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Refusal(400, f"The field {name!r} must be a list of strings.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Asked):
    """A request. numbers: those in its path, by name; text: of a part of the path that may be a name."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    text: str = ""

    @property
    def fields(self) -> Fields:
        """The JSON object in the body, whatever type it is declared as. Raises Refusal for anything else."""
        try:
            given = orjson.loads(self.body)
        except orjson.JSONDecodeError as exc:
            raise Refusal(400, f"The body is no JSON: {exc}") from None
        if not isinstance(given, dict):
            raise Refusal(400, "The body must be a JSON object.")
        return Fields(given)

    @property
    def user(self) -> int:
        return self.token.user
