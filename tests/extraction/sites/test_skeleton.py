"""Skeletons of pages, and templates as clusters of them."""

from tests.extraction.sites.site_pages import TEMPLATE, site_page
from unabridged.extraction.html.dom import parse
from unabridged.extraction.sites.skeleton import alike, clusters, common_names, present, skeleton_of


def test_pages_of_one_template_have_one_skeleton_whatever_their_length() -> None:
    short, long = (skeleton_of(parse(site_page(n, length=size).html)) for n, size in ((1, 2), (2, 20)))
    assert alike(short, long) == 1


def test_a_redesign_is_another_template() -> None:
    old = skeleton_of(parse(site_page(1).html))
    new = skeleton_of(parse("<body><div id=app><section class=hero><h1>x</h1></section></div>"))
    assert alike(old, new) < 0.5
    assert clusters([old, new, old, old]) == [[0, 2, 3], [1]]
    assert present(common_names([old, old]), new) == 0


def test_a_renamed_class_leaves_most_of_the_skeleton() -> None:
    old = skeleton_of(parse(site_page(1).html))
    new = skeleton_of(parse(site_page(1, TEMPLATE.replace("masthead", "top-bar")).html))
    assert 0.6 < present(common_names([old]), new) < 1
