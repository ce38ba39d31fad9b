"""Graph of credits: who names whom, in layers, with the sentences."""

from itertools import pairwise

from unabridged.stories.attributions import Attribution, Relation, find_attributions
from unabridged.stories.graph import MAX_NODES, Account, CreditGraph, Edge, credit_graph

RFI = (
    "据中央社报道，中共政治局周三举行集体学习。中央社援引新华社的消息说，会议由习近平主持。"
    "香港《南华早报》报道称，这次会议的主题是科技创新。"
)


def account(article: int, host: str, name: str = "", text: str = "", language: str = "en") -> Account:
    return Account(article=article, host=host, name=name, credits=find_attributions(text, language=language))


def named(graph: CreditGraph) -> set[tuple[str, str]]:
    """Return (source, who names it) of every edge, by names."""
    return {(graph.nodes[one.source].name, graph.nodes[one.by].name) for one in graph.edges}


def credit(source: str, parent: int | None = None, *, relation: Relation = Relation.report) -> Attribution:
    return Attribution(
        source=source,
        mention=source,
        domain=f"{source}.example",
        country=None,
        relation=relation,
        parent=parent,
        evidence=f"{source} reported.",
        confidence=0.9,
    )


def chain(*names: str) -> list[Account]:
    """Return articles of which each one's outlet names the next one."""
    return [
        Account(article=number, host=f"{name}.example", name=name, credits=(credit(following),))
        for number, (name, following) in enumerate(pairwise(names), 1)
    ]


def edge(graph: CreditGraph, source: str, by: str) -> Edge:
    keys = {one.key: number for number, one in enumerate(graph.nodes)}
    wanted = (keys[f"{source}.example"], keys[f"{by}.example"])
    return next(one for one in graph.edges if (one.source, one.by) == wanted)


def test_a_chain_of_credits_stands_in_layers_with_the_first_source_at_the_left() -> None:
    graph = credit_graph([account(1, "www.rfi.fr", text=RFI, language="zh")])
    assert named(graph) == {
        ("Xinhua", "Central News Agency"),
        ("Central News Agency", "RFI"),
        ("South China Morning Post", "RFI"),
    }
    layer = {one.name: one.layer for one in graph.nodes}
    assert layer["Xinhua"] == 0
    assert layer["Xinhua"] < layer["Central News Agency"] < layer["RFI"] == graph.layers - 1


def test_sentences_of_several_articles_are_merged_into_one_edge() -> None:
    text = "The port was closed, Reuters reported on Monday."
    graph = credit_graph([account(number, "news.example", "News", text) for number in (7, 8)])
    (only,) = graph.edges
    assert (only.sentences, [one.article for one in only.evidence]) == (2, [7, 8])
    assert only.evidence[0].sentence == text
    assert 0 < only.confidence <= 1
    assert [one.articles for one in graph.nodes if one.name == "News"] == [(7, 8)]


def test_an_outlet_of_the_list_is_one_node_as_author_and_as_source() -> None:
    text = "The port was closed, Reuters reported on Monday."
    graph = credit_graph([account(1, "www.reuters.com", "Some feed"), account(2, "a.example", "A", text)])
    assert [one.name for one in graph.nodes] == ["Reuters", "A"]
    assert graph.nodes[0].articles == (1,)


def test_an_outlet_that_is_not_listed_is_known_by_the_name_of_its_feed() -> None:
    text = "The port was closed, the Aldmere Post reported on Monday."
    graph = credit_graph(
        [account(1, "a.example", "The Aldmere Post"), account(2, "b.example", "The Islander", text)]
    )
    assert named(graph) == {("The Aldmere Post", "The Islander")}


def test_outlets_that_name_each_other_are_a_cycle_with_one_line_back() -> None:
    graph = credit_graph(chain("a", "b", "c", "a"))
    assert [one.back for one in graph.edges].count(True) == 1
    assert len(graph.nodes) == 3
    assert all(one.back or graph.nodes[one.source].layer < graph.nodes[one.by].layer for one in graph.edges)


def test_an_outlet_does_not_credit_itself() -> None:
    assert credit_graph(chain("a", "a")).edges == ()


def test_a_source_without_a_name_is_no_node_and_its_source_is_the_outlet_s() -> None:
    unnamed = credit("local media", relation=Relation.unnamed)
    graph = credit_graph(
        [Account(article=1, host="a.example", name="A", credits=(unnamed, credit("b", parent=0)))]
    )
    assert named(graph) == {("b", "A")}


def test_a_story_of_many_outlets_keeps_those_with_most_articles_and_counts_the_others() -> None:
    crowd = [Account(article=number, host=f"s{number}.example", name=f"S{number}") for number in range(90)]
    busy = [Account(article=100 + number, host="busy.example", name="Busy") for number in range(3)]
    graph = credit_graph([*crowd, *busy])
    assert (len(graph.nodes), graph.left_out) == (MAX_NODES, 91 - MAX_NODES)
    assert "Busy" in {one.name for one in graph.nodes}


def test_places_are_distinct_and_lines_that_need_not_cross_do_not() -> None:
    graph = credit_graph([*chain("x", "q"), *chain("y", "p")])
    places = [(one.layer, one.place) for one in graph.nodes]
    assert len(set(places)) == len(places)
    by_key = {one.key: one for one in graph.nodes}
    assert (by_key["x.example"].place < by_key["y.example"].place) == (
        by_key["q.example"].place < by_key["p.example"].place
    )
    assert edge(graph, "q", "x").confidence == 0.9


def test_a_story_without_articles_is_an_empty_graph() -> None:
    assert credit_graph([]) == CreditGraph()
