"""Profiles as JSON and as site-config text."""

from dataclasses import replace

from tests.extraction.sites.data_pages import data_page
from tests.extraction.sites.site_pages import known, site_page
from unabridged.extraction import extract
from unabridged.extraction.rules.parse import parse_site_config
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.profile import VERSION
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import MAX_BYTES, from_json, to_json, to_site_config


def test_a_profile_survives_json_and_is_small() -> None:
    profile = known()
    text = to_json(profile)
    assert from_json(text) == profile
    assert len(text.encode()) <= MAX_BYTES


def test_a_profile_of_another_version_or_form_is_none() -> None:
    assert from_json(to_json(known()).replace(f'"version":{VERSION}}}', '"version":99}')) is None
    assert from_json("{}") is None
    assert from_json("not json") is None


def test_too_many_templates_are_cut_to_the_limit() -> None:
    profile = known()
    many = replace(profile, templates=profile.templates * 60)
    text = to_json(many)
    assert len(text.encode()) <= MAX_BYTES
    assert from_json(text) is not None


def test_as_site_config_it_reads_the_same_text_with_every_line_in_effect() -> None:
    text = to_site_config(known())
    parsed = parse_site_config(text, file="post.example.txt")
    assert parsed.ignored == ()
    page = site_page(7)
    article = extract(page.html, url=page.url, rules=parsed.rules)
    assert article.provenance["html"] == "rule"
    assert all(paragraph in article.text for paragraph in page.paragraphs)
    assert article.title == page.title


def test_text_in_data_is_a_comment_of_the_site_config_with_its_evidence() -> None:
    pages = [data_page("next-data-portable-text", number) for number in range(4)]
    profile = learn("coast.example", [sample_page(page.html, page.url) for page in pages])
    assert profile is not None
    text = to_site_config(profile)
    wanted = "# text in the data of script#__NEXT_DATA__, at props.pageProps.post.body, on 4 of 4 pages"
    assert wanted in text and "body:" not in text
    assert parse_site_config(text, file="coast.example.txt").ignored == ()
