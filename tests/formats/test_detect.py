"""The format of a file, by its beginning."""

import gzip

from tests.formats.captures import a_record, an_answer
from unabridged.formats.detect import looks_like_warc


def test_a_warc_is_known_by_its_beginning() -> None:
    record = a_record("https://news.example/1", an_answer(b"x"))
    assert looks_like_warc(record) and looks_like_warc(gzip.compress(record))
    assert not looks_like_warc(b"WARC files are") and not looks_like_warc(gzip.compress(b"{}"))
