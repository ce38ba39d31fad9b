"""The recipes of deploy/proxies, read by the real proxies, in front of the real app."""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import httpx
import pytest
import yaml

from tests.serve.running_app import HTML, copied, running, token_of, wait_until
from tests.serve.test_base_path import linked

RECIPES = Path(__file__).resolve().parents[2] / "deploy" / "proxies"
NGINX = """
user root; worker_processes 1; daemon off; pid nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
    scgi_temp_path t5;
    {site}
}}
"""
BARE = "server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:8200; }} }}"
"""What people write first: nginx then tells the app its own inner address as the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site as browsers see it. base: its address; proxy: port on which the proxy listens for it."""

    base: str
    proxy: int

    @property
    def host(self) -> str:
        return self.base.split("/")[2]

    def client(self) -> httpx.Client:
        headers = {"Accept": HTML, "Host": self.host}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.proxy}", headers=headers, timeout=120)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def started(command: list[str], folder: Path, port: int) -> Iterator[None]:
    """Run a proxy until it listens; end it afterwards."""
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=home)
    try:
        wait_until(lambda: process.poll() is not None or is_listening(port))
        assert process.poll() is None, (folder / "log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(30)


def is_listening(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip(f"no {name} here: tools/system installs the package {name}")
    return found


@contextmanager
def nginx(site: str, app: str, folder: Path, port: int) -> Iterator[None]:
    """Run nginx with a server block; its `listen 80` becomes the port."""
    text = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8200", app)
    (folder / "nginx.conf").write_text(NGINX.format(site=text))
    with started([program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port):
        yield


@contextmanager
def caddy(site: str, app: str, folder: Path, port: int) -> Iterator[None]:
    """Run Caddy with a site; its name gets the port, and http instead of https."""
    text = re.sub(r"^([\w.]+) \{", rf"http://\1:{port} {{\n\tbind 127.0.0.1", site, flags=re.MULTILINE)
    text = text.replace("127.0.0.1:8200", app.removeprefix("http://"))
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text)
    command = [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with started(command, folder, port):
        yield


Runner = Callable[[str, str, Path, int], AbstractContextManager[None]]
PROXIES: dict[str, tuple[Runner, str]] = {
    "nginx.conf": (nginx, "http://news.example.org"),
    "nginx-sub-path.conf": (nginx, "http://example.org/news"),
    "Caddyfile": (caddy, "http://news.example.org"),
    "Caddyfile-sub-path": (caddy, "http://example.org/news"),
}


@pytest.fixture(scope="module")
def apps(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | None], str]]:
    """Give the address of the app with a base URL, each started once."""
    addresses: dict[str | None, str] = {}
    with ExitStack() as stack:

        def address(base_url: str | None) -> str:
            if base_url not in addresses:
                desk = copied(templates / "full", tmp_path_factory.mktemp("app"))
                stack.enter_context(desk.archive)
                settings = replace(
                    desk.settings, serve=replace(desk.settings.serve, base_url=base_url, allow_open=True)
                )
                addresses[base_url] = stack.enter_context(running(desk, settings))
            return addresses[base_url]

        yield address


@pytest.mark.parametrize("recipe", PROXIES)
def test_the_reader_works_behind_the_recipe(
    recipe: str, apps: Callable[[str | None], str], tmp_path: Path
) -> None:
    run, base = PROXIES[recipe]
    site = Site(base=base, proxy=free_port())
    path = base.removeprefix(f"http://{site.host}")
    text = (RECIPES / recipe).read_text()
    assert f'base_url = "{base.replace("http:", "https:")}"' in text
    with run(text, apps(base), tmp_path, site.proxy), site.client() as client:
        home = client.get(f"{path}/")
        assert home.status_code == 200, home.text
        assert {one for one in linked(home) if not one.startswith(f"{path}/")} == set()
        [style] = re.findall(r'rel="stylesheet" href="([^"]*)"', home.text)
        assert client.get(unescape(style)).headers["content-type"].startswith("text/css")
        assert f'href="{base}/feeds/1.atom"' in client.get(f"{path}/feeds/1.atom?raw").text
        if path:
            assert client.get(path).headers["location"].endswith(f"{path}/")

        form = {"csrf": token_of(client, f"{path}/sources"), "value": "1", "next": "/feeds/1"}
        ours = {"Origin": f"http://{site.host}", "Referer": f"{base}/feeds/1"}
        answer = client.post(f"{path}/a/2/star", data=form, headers=ours)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}/feeds/1")
        foreign = client.post(f"{path}/a/2/star", data=form, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        upload = {"file": ("list.opml", b"x" * 2_000_000)}
        too_large_for_nginx_itself = client.post(
            f"{path}/sources.opml", files=upload, data=form, headers=ours
        )
        assert too_large_for_nginx_itself.status_code == 422


def test_a_form_that_a_proxy_spoils_is_refused_with_the_setting_that_mends_it(
    apps: Callable[[str | None], str], tmp_path: Path
) -> None:
    site = Site(base="http://news.example.org", proxy=free_port())
    origin = {"Origin": site.base, "Referer": site.base + "/sources"}
    statuses = []
    for base_url in (None, site.base):
        folder = tmp_path / str(base_url is None)
        folder.mkdir()
        bare = BARE.format(port=site.proxy)
        with nginx(bare, apps(base_url), folder, site.proxy), site.client() as client:
            answer = client.post("/a/1/star", data={"csrf": token_of(client), "value": "1"}, headers=origin)
            statuses.append(answer.status_code)
            assert ("base_url under [serve]" in answer.text) is (base_url is None)
    assert statuses == [403, 303]


def test_a_name_that_the_reader_does_not_know_is_refused_with_the_setting_that_mends_it(
    apps: Callable[[str | None], str],
) -> None:
    answer = httpx.get(apps(None) + "/", headers={"Host": "news.example.org"})
    assert answer.status_code == 421
    assert "base_url" in answer.text and "allow_hosts" in answer.text


def test_the_recipe_for_traefik_is_well_formed() -> None:
    recipe = yaml.safe_load((RECIPES / "traefik.yaml").read_text())["http"]
    [router] = recipe["routers"].values()
    assert router["service"] in recipe["services"]
