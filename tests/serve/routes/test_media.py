"""Pictures through our own address: only what we signed, only what is a picture, nothing that runs."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.serve.running_app import KEY, Desk, Shelf, in_thread, letting_in, serving
from unabridged.image_types import raster_type
from unabridged.serve.routes.media import proxy_url, rewrite_body
from unabridged.serve.security import Signer

SIGNER = Signer(KEY)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    answers = {
        "/a.png": ("image/png", PNG),
        "/lying.svg": ("image/svg+xml", PNG),
        "/a.svg": ("image/svg+xml", SVG),
        "/svg.png": ("image/png", SVG),
        "/page.png": ("image/png", b"<!doctype html><script>alert(1)</script>"),
        "/empty.png": ("image/png", b""),
        "/big.png": ("image/png", PNG + b"\0" * 50_000),
    }
    redirects = {"/moved.png": "http://169.254.169.254/latest", "/inside.png": "http://10.1.2.3/x.png"}
    with in_thread(serving(Shelf(answers=answers, redirects=redirects))) as running:
        yield running


@pytest.fixture
def client(desk: Desk, shelf: Shelf, visit: Callable[..., httpx.Client]) -> httpx.Client:
    return visit(desk, settings=letting_in(desk.settings, "127.0.0.1"))


@pytest.mark.parametrize("name", ["a.png", "lying.svg"])
def test_a_signed_picture_comes_with_its_true_type_in_a_sandbox(
    client: httpx.Client, shelf: Shelf, name: str
) -> None:
    answer = client.get(proxy_url(f"{shelf.origin}/{name}", SIGNER))
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["a.svg", "svg.png", "page.png", "empty.png"])
def test_what_is_no_raster_picture_is_not_passed_on(client: httpx.Client, shelf: Shelf, name: str) -> None:
    answer = client.get(proxy_url(f"{shelf.origin}/{name}", SIGNER))
    assert answer.status_code == 415
    assert b"alert" not in answer.content


def test_an_unsigned_address_is_never_asked(client: httpx.Client, shelf: Shelf) -> None:
    url = quote(f"{shelf.origin}/a.png", safe="")
    other = proxy_url(f"{shelf.origin}/b.png", SIGNER).split("s=")[1]
    for signature in ("", "0" * 40, other, "é", SIGNER.sign("form", f"{shelf.origin}/a.png")):
        assert client.get(f"/media?u={url}&s={quote(signature)}").status_code == 403
    assert shelf.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x.png",
        "http://[::1]/x.png",
        "http://0x7f.1:1/x.png",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:a<script>alert(1)</script>",
    ],
)
def test_a_signature_is_no_way_round_the_guard(web: httpx.Client, url: str) -> None:
    answer = web.get(proxy_url(url, SIGNER))
    assert answer.status_code in (400, 403)
    assert "script" not in answer.text
    assert "passwd" not in answer.text


def test_a_redirect_is_no_way_round_the_guard(client: httpx.Client, shelf: Shelf) -> None:
    for name in ("moved.png", "inside.png"):
        assert client.get(proxy_url(f"{shelf.origin}/{name}", SIGNER)).status_code == 403


def test_a_missing_picture_is_missing(client: httpx.Client, shelf: Shelf) -> None:
    assert client.get(proxy_url(f"{shelf.origin}/none.png", SIGNER)).status_code == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"%PDF-1.7", None),
        (b"  <svg", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(body: bytes, kind: str | None) -> None:
    assert raster_type(body) == kind


def test_a_body_is_rewritten_at_output_and_passes_an_allow_list_once_more() -> None:
    body = (
        '<p onclick="x()">Text <a href="https://e.example/?a=1&amp;b=2">link</a>'
        '<a href="javascript:alert(1)">bad</a></p><script>alert(1)</script><style>*{}</style>'
        '<img src="https://e.example/p.jpg?a=1&amp;b=2" srcset="https://e.example/2.jpg 2x" width="3">'
        '<img src="data:image/svg+xml,x"><iframe src="https://e.example/"></iframe><svg><script>1</script></svg>'
        '<p id="act">x</p><p id="fn-0123abcd">note</p><a href="#fn-0123abcd">1</a>'
        '<table><tr><td colspan="2">cell</td></tr></table><pre><code>a &lt; b</code></pre>'
    )
    html = rewrite_body(body, SIGNER)
    for gone in (
        "onclick",
        "javascript",
        "<script",
        "<style",
        "srcset",
        "data:",
        "iframe",
        "<svg",
        'id="act"',
    ):
        assert gone not in html
    assert proxy_url("https://e.example/p.jpg?a=1&b=2", SIGNER).replace("&", "&amp;") in html
    assert 'href="https://e.example/?a=1&amp;b=2"' in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html
    assert 'loading="lazy"' in html
    assert '<p id="fn-0123abcd">' in html and 'href="#fn-0123abcd"' in html
    assert '<td colspan="2">cell</td>' in html
    assert "<code>a &lt; b</code>" in html
