"""Signatures in Chinese texts."""

from unabridged.extraction.metadata.authors_zh import signatures_in_text


def test_a_chinese_signature_with_its_place_names_the_reporter() -> None:
    assert list(signatures_in_text("記者鄧富珍／彰化報導")) == [("reporter", ("鄧富珍",))]


def test_two_signs_in_brackets_are_a_name_only_if_they_begin_like_one() -> None:
    assert list(signatures_in_text("下雨了。（张三丰）")) == [("end", ("张三丰",))]
    assert list(signatures_in_text("下雨了。（老婆偷人 用了）")) == []
    assert (
        list(signatures_in_text("作者：老婆偷人 用了")) == [] and list(signatures_in_text("[查看跟帖]")) == []
    )
    assert list(signatures_in_text("作者：老树")) == [("author", ("老树",))]
