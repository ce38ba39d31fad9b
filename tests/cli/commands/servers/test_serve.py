"""`serve`: what it prints, and to whom it listens."""

import re
import subprocess
import sys

import httpx
import pytest

from tests.cli.tools import Run


def test_the_first_start_with_a_login_prints_the_address_of_the_first_account(
    environ: dict[str, str],
) -> None:
    variables = environ | {"UNABRIDGED_SERVE_LOGIN": "always", "UNABRIDGED_SERVE_PORT": "0"}
    for claimed in (False, True):
        with subprocess.Popen(
            [sys.executable, "-u", "-m", "unabridged", "serve", "--no-poll"],
            stdout=subprocess.PIPE,
            env=variables,
        ) as server:
            assert server.stdout is not None
            first = server.stdout.readline().decode()
            origin = re.findall(r"http://[\d.:]+", first)[0]
            if not claimed:
                found = re.search(r"http://\S+/invitation/\S+", server.stdout.readline().decode())
                assert found is not None
                make_account(found[0])
            assert httpx.get(f"{origin}/healthz").json() == {"status": "ok"}
            server.terminate()
            assert b"invitation" not in server.stdout.read()


def make_account(address: str) -> None:
    """Fill in the form of the first account."""
    with httpx.Client(headers={"Accept": "text/html"}) as browser:
        token = browser.get(address).text.split('name="csrf-token" content="')[1].split('"')[0]
        password = "correct horse battery"
        form = {"csrf": token, "name": "Ada", "password": password, "again": password}
        assert browser.post(address, data=form).status_code == 303


@pytest.mark.parametrize("variables", [{}, {"UNABRIDGED_SERVE_BASE_URL": "http://news.example.org"}])
def test_passwords_do_not_go_over_a_network_unless_that_is_allowed(
    run: Run, variables: dict[str, str]
) -> None:
    done = run("serve", "--address", "0.0.0.0", **variables)
    assert done.returncode == 2
    assert b"allow_http" in done.stderr and b"base_url" in done.stderr
