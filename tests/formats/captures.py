"""Captures of pages in WARC files."""


def a_record(url: str, answer: bytes, kind: str = "response", **more: str) -> bytes:
    content = "application/http; msgtype=response" if kind == "response" else "text/html"
    given = {
        "WARC-Type": kind,
        "WARC-Date": "2019-05-04T03:02:01Z",
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000000>",
        "Content-Type": content,
        "WARC-Target-URI": url,
        "Content-Length": str(len(answer)),
    } | {name.replace("_", "-"): value for name, value in more.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + answer + b"\r\n\r\n"


def an_answer(body: bytes, head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") -> bytes:
    return head.encode() + b"\r\n" + body
