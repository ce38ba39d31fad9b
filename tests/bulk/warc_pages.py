"""Small WARC files for the tests of bulk work."""

import gzip
import random
from collections.abc import Sequence
from pathlib import Path


def story(title: str, language: str, *, unlike: bool = False) -> bytes:
    """A page with an article of some paragraphs; `unlike`: of words that do not compress."""
    luck = random.Random(title)
    words = " ".join(f"{luck.getrandbits(64):x}" for _ in range(4000)) if unlike else "at the quay"
    line = "港务长两次清点了{title}码头的船只，又发现了{n}条，并把它们写进了本子里。"
    if not language.startswith("zh"):
        line = "Part {n}: the harbour master of {title} counted the boats, twice, and found {n} more."
    text = "".join(f"<p>{line.format(n=n, title=title)}</p>" for n in range(12))
    return (
        f"<!doctype html><html lang='{language}'><head><title>{title}</title></head><body><nav>"
        f"<a href='/'>Home</a></nav><article><h1>{title}</h1>{text}<p>{words}.</p></article></body></html>"
    ).encode()


def warc_record(url: str, body: bytes) -> bytes:
    """A page as a gzip member with a response."""
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T06:07:08Z\r\n"
        f"WARC-Record-ID: <urn:uuid:0f1c0c9e-8d1a-4a6e-9a53-7a41d5e4b001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + content + b"\r\n\r\n", mtime=0)


def write_pages(path: Path, pages: Sequence[tuple[str, bytes]]) -> Path:
    """Write (address, HTML) pages as a WARC file."""
    path.write_bytes(b"".join(warc_record(url, body) for url, body in pages))
    return path
