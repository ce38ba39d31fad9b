"""Links between an original page, its mementos, TimeGate and TimeMap (RFC 7089, RFC 8288). Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from unabridged.feeds.write import http_date
from unabridged.serve.memento.mementos import Memento

LINK_FORMAT = "application/link-format"
_SAFE = "!#$%&'()*+,/:;=?@[]~"
"""Characters of an address that stand in a link as they are; `<`, `>`, quotes and spaces do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Addresses of one original page here. address: returns the whole address of a path of ours."""

    original: str
    address: Callable[[str], str]

    @property
    def timegate(self) -> str:
        return self._of("")

    def timemap(self, format_name: str) -> str:
        return self._of(f"timemap/{format_name}/")

    def memento(self, memento: Memento) -> str:
        return self._of(f"{memento.stamp}/")

    def path(self, memento: Memento) -> str:
        """Return the path of a memento, without the site."""
        return f"/web/{memento.stamp}/{_escaped(self.original)}"

    def _of(self, part: str) -> str:
        return self.address(f"/web/{part}{_escaped(self.original)}")


def _escaped(url: str) -> str:
    return quote(url, safe=_SAFE)


def timegate_links(addresses: Addresses, mementos: Sequence[Memento]) -> str:
    """Return the header Link of a TimeGate: the original, the TimeMap, the first and the last memento."""
    last = len(mementos) - 1
    ends = dict.fromkeys((0, last))
    return _joined([*_originals(addresses), *(_memento_link(addresses, mementos, place) for place in ends)])


def memento_links(addresses: Addresses, mementos: Sequence[Memento], shown: Memento) -> str:
    """Return the header Link of a memento: besides those of a TimeGate, the one before and the one after."""
    here, last = mementos.index(shown), len(mementos) - 1
    places = sorted({0, max(0, here - 1), here, min(here + 1, last), last})
    gate = f'<{addresses.timegate}>; rel="timegate"'
    links = (_memento_link(addresses, mementos, place, here) for place in places)
    return _joined([*_originals(addresses), gate, *links])


def _originals(addresses: Addresses) -> Iterator[str]:
    yield f'<{_escaped(addresses.original)}>; rel="original"'
    yield f'<{addresses.timemap("link")}>; rel="timemap"; type="{LINK_FORMAT}"'


def _memento_link(
    addresses: Addresses, mementos: Sequence[Memento], place: int, here: int | None = None
) -> str:
    """Return the link of the memento at a place. here: place of the one that is shown, if one is."""
    one = mementos[place]
    names = ["first"] if place == 0 else []
    names += ["last"] if place == len(mementos) - 1 else []
    if here is not None and abs(here - place) == 1:
        names.append("prev" if place < here else "next")
    relation = " ".join([*names, "memento"])
    return f'<{addresses.memento(one)}>; rel="{relation}"; datetime="{http_date(one.at)}"'


def timemap_links(addresses: Addresses, mementos: Sequence[Memento]) -> str:
    """Return a TimeMap in link format (RFC 7089, section 5), one link a line."""
    span = f'from="{http_date(mementos[0].at)}"; until="{http_date(mementos[-1].at)}"'
    return _joined(
        [
            f'<{_escaped(addresses.original)}>; rel="original"',
            f'<{addresses.timemap("link")}>; rel="self"; type="{LINK_FORMAT}"; {span}',
            f'<{addresses.timegate}>; rel="timegate"',
            *(_memento_link(addresses, mementos, place) for place in range(len(mementos))),
        ],
        ",\n",
    )


def timemap_json(addresses: Addresses, mementos: Sequence[Memento]) -> dict[str, object]:
    """Return a TimeMap as Memento aggregators write it in JSON."""

    def stated(one: Memento) -> dict[str, str]:
        return {"datetime": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "uri": addresses.memento(one)}

    return {
        "original_uri": addresses.original,
        "self": addresses.timemap("json"),
        "timegate_uri": addresses.timegate,
        "timemap_uri": {
            "link_format": addresses.timemap("link"),
            "json_format": addresses.timemap("json"),
        },
        "mementos": {
            "list": [stated(one) for one in mementos],
            "first": stated(mementos[0]),
            "last": stated(mementos[-1]),
        },
    }


def _joined(links: Sequence[str], between: str = ", ") -> str:
    return between.join(links)
