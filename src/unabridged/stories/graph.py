"""Graph of credits: which outlets of a story name which others as their sources, in layers. Pure.

A node is an outlet or agency, an edge says that one names another. What it shows was read out of sentences by
rules: outlets may have other sources than those they name, and may name each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from unabridged.stories.attributions.outlets import outlet_of
from unabridged.stories.attributions.records import Attribution, Relation

MAX_NODES = 20
"""Outlets of a graph, those with most articles and credits; more cannot be read on a page."""

MAX_EVIDENCE = 3
"""Sentences that are kept for an edge, the surest ones."""

SHOWN = frozenset({Relation.report, Relation.told, Relation.cites, Relation.dateline, Relation.credit})
"""Relations that make an edge; sources without a name are nobody in particular."""

_SWEEPS = 4
"""Passes that order the nodes of the layers by their neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One article of a story, with what it credits. host: of its address; name: of its feed or site."""

    article: int
    host: str
    name: str
    credits: Sequence[Attribution] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An outlet or agency. articles: its articles in the story, none for one that is only named.

    country: ISO 3166 code of a listed outlet. layer: 0 for those that name nobody; everybody else stands in a
    later layer than their sources, but for cycles. place: from the top of the layer.
    """

    key: str
    name: str
    country: str | None = None
    articles: tuple[int, ...] = ()
    layer: int = 0
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence of an article that names a source. confidence: score of the reading, from 0 to 1."""

    article: int
    sentence: str
    relation: Relation
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An outlet that names another one as its source. source, by: positions of nodes.

    evidence: the surest sentences first; sentences: how many there are. confidence: of the surest.
    back: it closes a cycle, and leads to the same or an earlier layer.
    """

    source: int
    by: int
    evidence: tuple[Evidence, ...]
    sentences: int
    confidence: float
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditGraph:
    """Nodes by layer and place, edges by their sources. left_out: outlets past the bound."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    left_out: int = 0

    @property
    def layers(self) -> int:
        return max((one.layer for one in self.nodes), default=-1) + 1


_Edges = Mapping[tuple[str, str], Sequence[Evidence]]
"""(key of the source, key of the outlet that names it) -> sentences."""


def credit_graph(accounts: Iterable[Account]) -> CreditGraph:
    """Merge the credits of a story's articles into one graph; articles: in the order of their times."""
    told = [(account, _own_node(account)) for account in accounts]
    own_keys = {_plain(own.name): own.key for _, own in told}
    nodes: dict[str, Node] = {}
    found: dict[tuple[str, str], list[Evidence]] = {}
    for account, own in told:
        mine = nodes.setdefault(own.key, own)
        nodes[own.key] = replace(mine, articles=(*mine.articles, account.article))
        for source, by, evidence in _named(account, own, own_keys):
            nodes.setdefault(source.key, source)
            nodes.setdefault(by.key, by)
            if source.key != by.key:
                found.setdefault((source.key, by.key), []).append(evidence)
    kept = _kept(nodes, found)
    edges = {pair: found[pair] for pair in found if pair[0] in kept and pair[1] in kept}
    kept = {key: one for key, one in kept.items() if one.articles or any(key in pair for pair in edges)}
    return _laid_out(kept, edges, left_out=len(nodes) - len(kept))


def _own_node(account: Account) -> Node:
    """Return the outlet of an article: the listed one of its address, else its site."""
    listed = outlet_of(account.host)
    if listed is not None:
        return Node(key=listed.domain, name=listed.name, country=listed.country)
    host = account.host.lower().removeprefix("www.")
    return Node(key=host or account.name.casefold(), name=account.name or host)


def _plain(name: str) -> str:
    """Return a name for comparison: "The Aldmere Post" is "Aldmere Post"."""
    return name.casefold().removeprefix("the ").strip()


def _source_node(one: Attribution, own_keys: Mapping[str, str]) -> Node:
    """Return the node of a source; own_keys: plain name of an outlet that has articles -> its key."""
    name = _plain(one.source)
    return Node(key=one.domain or own_keys.get(name, name), name=one.source, country=one.country)


def _named(account: Account, own: Node, own_keys: Mapping[str, str]) -> Iterable[tuple[Node, Node, Evidence]]:
    """Yield each source with the outlet that names it: the article's own, or another source."""
    for one in account.credits:
        if one.relation not in SHOWN:
            continue
        by = own if one.parent is None else _parent(account.credits, one.parent, own, own_keys)
        evidence = Evidence(
            article=account.article,
            sentence=one.evidence,
            relation=one.relation,
            confidence=one.confidence,
        )
        yield _source_node(one, own_keys), by, evidence


def _parent(credits: Sequence[Attribution], place: int, own: Node, own_keys: Mapping[str, str]) -> Node:
    """Return the source that another one was taken from; the article's outlet for one without a name."""
    parent = credits[place] if 0 <= place < len(credits) else None
    return own if parent is None or parent.relation not in SHOWN else _source_node(parent, own_keys)


def _kept(nodes: Mapping[str, Node], edges: _Edges) -> dict[str, Node]:
    """Return the nodes with most articles and credits, in the order in which they came."""
    weight = {key: 2 * len(one.articles) for key, one in nodes.items()}
    for pair, sentences in edges.items():
        for key in pair:
            weight[key] += len(sentences)
    best = sorted(nodes, key=lambda key: -weight[key])[:MAX_NODES]
    return {key: one for key, one in nodes.items() if key in set(best)}


def _laid_out(nodes: Mapping[str, Node], edges: _Edges, *, left_out: int) -> CreditGraph:
    back = _closing(nodes, edges)
    forward = [pair for pair in edges if pair not in back]
    layers = _ordered(_layers(nodes, forward), forward)
    placed = [
        replace(nodes[key], layer=layer, place=place)
        for layer, keys in enumerate(layers)
        for place, key in enumerate(keys)
    ]
    number = {one.key: place for place, one in enumerate(placed)}
    lines = [
        _edge(number[source], number[by], sentences, back=(source, by) in back)
        for (source, by), sentences in edges.items()
    ]
    lines.sort(key=lambda one: (one.source, one.by))
    return CreditGraph(nodes=tuple(placed), edges=tuple(lines), left_out=left_out)


def _edge(source: int, by: int, sentences: Sequence[Evidence], *, back: bool) -> Edge:
    surest = sorted(sentences, key=lambda one: -one.confidence)
    return Edge(
        source=source,
        by=by,
        evidence=tuple(surest[:MAX_EVIDENCE]),
        sentences=len(sentences),
        confidence=surest[0].confidence,
        back=back,
    )


def _closing(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the edges that close a cycle in a search in depth, which begins with the earliest outlets."""
    following: dict[str, list[str]] = {key: [] for key in nodes}
    for source, by in edges:
        following[source].append(by)
    back: set[tuple[str, str]] = set()
    state: dict[str, str] = {}

    def visit(key: str) -> None:  # as deep as MAX_NODES
        state[key] = "open"
        for other in following[key]:
            if state.get(other) == "open":
                back.add((key, other))
            elif other not in state:
                visit(other)
        state[key] = "done"

    for key in following:
        if key not in state:
            visit(key)
    return back


def _layers(nodes: Iterable[str], forward: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the nodes in layers: each one after the last of its sources. forward: without cycles."""
    layer = dict.fromkeys(nodes, 0)
    for _ in range(len(layer)):
        for source, by in forward:
            layer[by] = max(layer[by], layer[source] + 1)
    return [
        [key for key in layer if layer[key] == number]
        for number in range(max(layer.values(), default=-1) + 1)
    ]


def _ordered(layers: list[list[str]], forward: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Order each layer by the mean place of the neighbours, so that few lines cross (Sugiyama 1981)."""
    neighbours: dict[str, list[str]] = {}
    for source, by in forward:
        neighbours.setdefault(source, []).append(by)
        neighbours.setdefault(by, []).append(source)
    for _ in range(_SWEEPS):
        place = {key: (number + 0.5) / len(keys) for keys in layers for number, key in enumerate(keys)}

        def mean(key: str, place: Mapping[str, float] = place) -> float:
            beside = neighbours.get(key, ())
            return sum(place[one] for one in beside) / len(beside) if beside else place[key]

        layers = [sorted(keys, key=mean) for keys in layers]
    return layers
