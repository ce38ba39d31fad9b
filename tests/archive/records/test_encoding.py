"""Encoded records: the text read alone equals the text of the decoded record."""

from hypothesis import example, given
from hypothesis import strategies as st

from unabridged.archive.records.encoding import article_from_mapping, decode_article, encode, text_of
from unabridged.model import Article, Completeness, Link

STORED = (
    b'{"url":"https://news.example/1","body":"<p>Two words</p>","provenance":{"body":"page","title":"meta"}}'
)


def test_the_html_is_stored_under_its_former_name_so_that_hashes_stay() -> None:
    article = Article(
        url="https://news.example/1", html="<p>Two words</p>", provenance={"title": "meta", "html": "page"}
    )
    assert encode(article) == STORED
    assert decode_article(STORED) == article


def test_html_counts_before_what_a_file_calls_body() -> None:
    given = {"url": "https://news.example/1", "html": "<p>clean</p>", "body": "<script>alert(1)</script>"}
    assert article_from_mapping(given).html == "<p>clean</p>"


marks = st.text(st.sampled_from('a 字"\\,:{}[]\n'), max_size=12) | st.just(',"text":"') | st.just('","')


@given(text=marks, title=marks, author=marks, summary=marks)
@example(text='He said "so",', title="", author="", summary="")
@example(text='\\",', title='","text":"', author='{"text":"', summary="x")
def test_the_text_alone_is_the_text_of_the_record(text: str, title: str, author: str, summary: str) -> None:
    for links in ((), (Link(url="https://news.example/", text=title),)):
        data = encode(
            Article(
                url="https://news.example/1",
                title=title,
                authors=(author,),
                summary=summary,
                html=f"<p>{text}</p>",
                text=text,
                markdown=text,
                links=links,
                completeness=Completeness(kind="full", evidence=(author,)),
            )
        )
        assert text_of(data) == decode_article(data).text
