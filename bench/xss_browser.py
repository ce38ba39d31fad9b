"""A real browser that says whether HTML runs: every execution and every request is counted.

Documents come from a server on loopback, to which every host name is mapped (nothing touches a network), with
a report-only policy that forbids scripts, objects, frames, forms and base addresses, so that even a script
that does nothing visible is reported; alert, confirm, prompt and print report too.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import BrowserContext, Error, Request, sync_playwright

CHROMIUM = tuple(Path("/usr/bin") / name for name in ("chromium", "chromium-browser", "google-chrome"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ORIGIN = "http://gate.test"
POLICY = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'"
WATCH = """
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => __report(name);
document.addEventListener('securitypolicyviolation', (e) => __report('policy ' + e.effectiveDirective));
"""
PICTURES = "image"
"""Resources that an article may load; each output's own policy has its own tests."""
TOGETHER = 60
"""Raw vectors a page, each in a frame of its own: they must not touch each other."""


def find_chromium() -> Path | None:
    """Return the browser, None where none is installed."""
    return next((path for path in CHROMIUM if path.exists()), None)


class Shelf(ThreadingHTTPServer):
    """The documents on show, served on a free port of loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.documents: dict[str, str] = {}


class Answer(BaseHTTPRequestHandler):
    """A document of the shelf with the policy, else 404, whatever the host."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Shelf)
        body = self.server.documents.get(self.path)
        self.send_response(404 if body is None else 200)
        data = (body or "").encode("utf-8", "replace")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy-Report-Only", POLICY)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Gate:
    """An open browser, and what ran or was asked for in it since the last look."""

    def __init__(self, context: BrowserContext, shelf: Shelf) -> None:
        self.context = context
        self.documents = shelf.documents
        self.seen: list[tuple[str, str]] = []
        context.expose_binding("__report", lambda source, what: self.note(source["frame"].url, str(what)))
        context.add_init_script(WATCH)
        context.on("request", self.watch)

    def note(self, address: str, what: str) -> None:
        self.seen.append((address.removeprefix(ORIGIN), what))

    def watch(self, request: Request) -> None:
        """Note a request to another host that is not for a picture."""
        if not request.url.startswith((ORIGIN, "data:", "about:")) and request.resource_type != PICTURES:
            self.note(request.frame.url, f"request of a {request.resource_type}: {request.url[:100]}")

    def show(self, body: str, inner: str = "") -> None:
        """Open a document of its own, and give it `inner` as innerHTML."""
        address = f"/page/{len(self.documents)}"
        self.documents[address] = body
        page = self.context.new_page()
        try:
            page.goto(ORIGIN + address, wait_until="load", timeout=30_000)
            if inner:
                page.evaluate("html => { document.body.innerHTML = html; }", inner)
            page.wait_for_timeout(300)
        except Error as exc:
            self.note(address, f"browser error: {exc.message[:100]}")
        finally:
            page.close()

    def try_cleaned(self, cleaned: Mapping[str, str]) -> list[str]:
        """Return every execution and request that cleaned HTML causes, as a document and as innerHTML."""
        self.seen.clear()
        texts = sorted(set(filter(None, cleaned.values())))
        for start in range(0, len(texts), 400):
            joined = "".join(f"<section>{text}</section>" for text in texts[start : start + 400])
            self.show("<!doctype html><meta charset=utf-8><body>" + joined)
            self.show("<!doctype html><meta charset=utf-8><body>", joined)
        return [f"{what} in {address}" for address, what in self.seen]

    def try_raw(self, raw: Mapping[str, str]) -> set[str]:
        """Return the names of the raw vectors that run: the control, without which silence means nothing."""
        self.seen.clear()
        frames: dict[str, str] = {}
        for name, text in raw.items():
            if "while(" not in text and "for(;;)" not in text:
                address = f"/raw/{len(frames)}"
                frames[address] = name
                self.documents[address] = "<!doctype html><body>" + text
        addresses = list(frames)
        for start in range(0, len(addresses), TOGETHER):
            tags = (
                f'<iframe sandbox="allow-scripts" src="{address}"></iframe>'
                for address in addresses[start : start + TOGETHER]
            )
            self.show("<!doctype html><body>" + "".join(tags))
        return {frames[address] for address, _ in self.seen if address in frames}


@contextmanager
def open_gate() -> Iterator[Gate]:
    """Start the browser, and close it."""
    path = find_chromium()
    if path is None:
        raise SystemExit("No chromium found. Install it: apt-get install chromium")
    shelf = Shelf()
    Thread(target=shelf.serve_forever, daemon=True).start()
    everywhere = f"--host-resolver-rules=MAP * 127.0.0.1:{shelf.server_port}"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(path), args=[*FLAGS, everywhere])
            try:
                yield Gate(browser.new_context(), shelf)
            finally:
                browser.close()
    finally:
        shelf.shutdown()
        shelf.server_close()
