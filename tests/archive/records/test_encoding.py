"""Encoded records: the text read alone equals the text of the decoded record."""

from hypothesis import example, given
from hypothesis import strategies as st

from unabridged.archive.records.encoding import decode_article, encode, text_of
from unabridged.model import Article, Completeness, Link

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
                body=f"<p>{text}</p>",
                text=text,
                markdown=text,
                links=links,
                completeness=Completeness(kind="full", evidence=(author,)),
            )
        )
        assert text_of(data) == decode_article(data).text
