"""Choice of an answer's format by the Accept header or by the parameter `format`. Pure."""

import re
from typing import Literal

Form = Literal["markdown", "json", "html", "text"]

TYPES: dict[str, Form] = {
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "application/json": "json",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
}
"""Media type of an Accept header -> form of an article."""

CONTENT_TYPES: dict[Form, str] = {
    "markdown": "text/markdown; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
NAMES: dict[str, Form] = {
    "markdown": "markdown",
    "md": "markdown",
    "json": "json",
    "html": "html",
    "text": "text",
    "txt": "text",
}
"""Values of the parameter `format`."""


def accept_weights(accept: str) -> dict[str, float]:
    """Return the media types of an Accept header with their weights, 0 to 1, in the header's order."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(",")[:40]:
        kind, _, parameters = part.strip().partition(";")
        found = re.search(r"q=([0-9.]{1,5})", parameters)
        try:
            weights[kind.strip()] = min(1.0, float(found[1])) if found else 1.0
        except ValueError:
            weights[kind.strip()] = 0.0
    return weights


def wanted_form(accept: str, name: str = "") -> Form | None:
    """Return the form that a request asks for: by name, else the heaviest type that it accepts.

    None for a request that accepts anything, and for a name of no form. The first of equal types counts.
    """
    if name:
        return NAMES.get(name.lower())
    weights = {kind: weight for kind, weight in accept_weights(accept).items() if kind in TYPES and weight}
    return TYPES[max(weights, key=weights.__getitem__)] if weights else None
