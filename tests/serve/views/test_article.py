"""An article as it is shown: its versions, its lead picture."""

from tests.serve.running_app import make_article
from unabridged.serve.views.article import lead_image
from unabridged.text import diff


def test_unchanged_paragraphs_far_from_a_change_are_folded() -> None:
    old = "\n\n".join(f"paragraph {n}" for n in range(9))
    parts = diff.collapse_unchanged(
        diff.compare(old, old.replace("paragraph 4", "paragraph four")).paragraphs
    )
    assert [len(part) if isinstance(part, tuple) else part.kind for part in parts] == [
        3,
        "same",
        "changed",
        "same",
        3,
    ]


def test_the_lead_picture_is_not_shown_twice() -> None:
    url = "https://news.example/a/lead-picture.jpg?w=900&h=2"
    article = make_article(1, lead_image=url)
    assert lead_image(article) == url
    for body in (
        f'<p><img src="{url.replace("&", "&amp;")}"></p>',
        '<p><img src="https://cdn.example/small/lead-picture.jpg"></p>',
    ):
        assert lead_image(make_article(1, lead_image=url, html=body)) is None
    assert lead_image(make_article(1, lead_image="javascript:alert(1)")) is None
