"""Fields of a request of a full-text service: of its address, and of a form or JSON in its body.

Plugins of tt-rss and FreshRSS send `?url=https://x.org/a?b=1&c=2` without escaping the address in it.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, unquote_plus

import orjson
from fastapi import Request

from unabridged import urls
from unabridged.errors import DocumentError, InvalidURL, InvalidValue
from unabridged.serve.context import MAX_FORM, MAX_UPLOAD, get_context, read_body, read_parts
from unabridged.serve.full_text.admission import KEY_WRONG, GivenKey, NotAdmitted, has_key, key_of
from unabridged.serve.viewer import viewer_of

MAX_FIELDS = 100
"""Most fields of a request."""

_PLAIN_ADDRESS = re.compile(r"(?:^|&)url=((?:feed:)?(?:https?:)?//[^&]*)", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?=\D|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Names and values of a request; of a name that comes twice, the last value counts."""

    values: Mapping[str, str]

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.values

    def is_on(self, name: str) -> bool:
        """Say whether a switch is given and not off."""
        return self.values.get(name, "0").strip().lower() not in ("", "0", "false", "no", "off")


def read_query(query: str, own: Set[str]) -> Fields:
    """Read the query of an address. own: names of the service's parameters. Raises InvalidValue.

    Where the value of `url` is an address that was not escaped, the parameters after it that are none of the
    service's belong to that address.
    """
    found = _PLAIN_ADDRESS.search(query)
    if found is None:
        return Fields(values=dict(_pairs(query)))
    rest: list[str] = []
    theirs = [found[1]]
    for part in query[found.end() :].split("&"):
        if part:
            (rest if unquote_plus(part.partition("=")[0]) in own else theirs).append(part)
    before = query[: found.start()]
    values = dict(_pairs("&".join(filter(None, [before, *rest]))))
    return Fields(
        values=values | {"url": unquote("&".join(theirs)) if len(theirs) == 1 else "&".join(theirs)}
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    try:
        yield from parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidValue(f"The request has more than {MAX_FIELDS} fields.") from None


async def read_fields(request: Request, own: Set[str]) -> Fields:
    """Read the fields of a request's address and of its body, whose fields count before.

    Raises InvalidValue for a body that is no form or JSON object, DocumentError for one that is too large.
    """
    given = read_query(request.url.query, own)
    if request.method != "POST":
        return given
    body = await _body(request, given)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        pairs = await read_parts(request.headers, body, most=MAX_FIELDS, largest=MAX_UPLOAD)
        return Fields(values={**given.values, **dict(pairs)})
    if not body.strip():
        return given
    if kind == "application/json" or body.lstrip()[:1] == b"{":
        return Fields(values={**given.values, **_json_fields(body)})
    return Fields(values={**given.values, **dict(_pairs(body.decode("utf-8", "replace")))})


async def _body(request: Request, given: Fields) -> bytes:
    """Read the body of a request; a large one only if the sender is known before it is read.

    Raises DocumentError, InvalidValue, NotAdmitted.
    """
    url = given.get("url")
    sent = GivenKey(url=url, key=given.get("key"), hash=given.get("hash"))
    is_known = viewer_of(request) is not None or await has_key(
        request, get_context(request), sent, url_spellings(url)
    )
    try:
        return await read_body(request, MAX_UPLOAD if is_known else MAX_FORM)
    except DocumentError:
        if is_known:
            raise
        if key_of(request, sent):
            raise NotAdmitted(403, KEY_WRONG) from None
        raise InvalidValue(
            f"A body of more than {MAX_FORM:,} bytes needs a key in the header X-Api-Key or in the address."
        ) from None


def _json_fields(body: bytes) -> Mapping[str, str]:
    """Return the fields of a JSON object: texts, numbers and switches; others are left out."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise InvalidValue(f"The body is not valid JSON: {exc}.") from None
    if not isinstance(given, dict):
        raise InvalidValue('The body must be a JSON object: {"url": "https://…"}.')
    known = {str(name): value for name, value in list(given.items())[:MAX_FIELDS]}
    return {
        name: str(int(value)) if isinstance(value, bool) else str(value)
        for name, value in known.items()
        if isinstance(value, str | int | float)
    }


def service_url(text: str) -> str:
    """Return the address that a service is to read: without a scheme it is http. Raises InvalidURL."""
    text = text.strip()
    if not text:
        raise InvalidURL(text, "it is empty")
    return urls.normalise(text if _ANY_SCHEME.match(text) else f"http://{text.lstrip('/')}")


def url_spellings(text: str) -> tuple[str, ...]:
    """Return the spellings of an address of which clients make the hash of a key: as sent, with a scheme."""
    try:
        return tuple(dict.fromkeys((text, service_url(text), f"http://{text.lstrip('/')}")))
    except InvalidURL:
        return (text,)
