"""The snippet for a page: nothing breaks out of it, and the token is set before the loader is asked for."""

import html
import json
import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import trustme

from richsync.errors import UnusableError
from richsync.tokens import decrypt, encrypt, snippet, statement
from tests.peers import IV, SECRET, TOKEN

CHROMIUM = shutil.which("chromium")
HOSTILE = "</script><script>document.title='taken'</script><!--\"'\\`${1} \u2028 \U0001f600"
KEYS = ["key-1", "../..?x=#", HOSTILE]


def test_the_statement_sets_the_token() -> None:
    assert statement(TOKEN) == f'window.richpanelSettings = "{TOKEN}";'


@pytest.mark.parametrize("key", KEYS)
def test_nothing_leaves_the_script_or_its_address(key: str) -> None:
    """Also not if a token were something else than hex."""
    page = snippet(HOSTILE, key)
    assert page.isascii()
    assert re.findall("</?script|<!--|-->", page) == ["<!--", "-->", "<script", "</script"]
    (address,) = re.findall('script.src = "(.*)";', page)
    (path,) = re.findall(r"https://api\.richpanel\.com/v2/j/([^/?#]+)\?version=2\.0\.0", address)
    assert unquote(path) == key
    assert page.index("richpanelSettings") < page.index("script.src")


def test_a_key_that_is_no_text_is_told() -> None:
    with pytest.raises(UnusableError, match="not UTF-8"):
        snippet(TOKEN, "key\udcff")


# In a browser, with a loader of our own in the place of Richpanel's

WATCHED = """<!doctype html><title>nothing was loaded</title><p>{before}</p><script>
Object.defineProperty(window, "richpanelSettings", {{
  get() {{ return this.token; }}, set(token) {{ this.token = token; this.setAt = performance.now(); }}
}});
</script>
{snippet}
<script>richpanel.track("page_view", {{page: 1}});</script>
"""
LOADER = """
const [asked] = performance.getEntriesByType("resource").filter((each) => each.name.includes("/v2/j/"));
document.title = JSON.stringify({
  settings: window.richpanelSettings, setAt: window.setAt, askedAt: asked.startTime,
  queue: window.richpanel.q, scripts: document.scripts.length
});
"""


class Loader(ThreadingHTTPServer):
    """Answers every request with our loader; `paths` are what was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Loader

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()
        self.wfile.write(LOADER.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
        """Say nothing."""


@contextmanager
def loading() -> Iterator[Loader]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("api.richpanel.com").configure_cert(context)
    with Loader() as loader:
        loader.socket = context.wrap_socket(loader.socket, server_side=True)
        threading.Thread(target=loader.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield loader
        finally:
            loader.shutdown()


def shown(page: Path, loader: Loader) -> Any:
    """What the loader found on the page."""
    rules = (
        f"MAP api.richpanel.com:443 127.0.0.1:{loader.server_address[1]}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    )
    command = [
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--ignore-certificate-errors"),
        f"--user-data-dir={page.parent / 'profile'}",
        f"--host-resolver-rules={rules}",
        "--dump-dom",
        page.as_uri(),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    (title,) = re.findall("<title>(.*?)</title>", ended.stdout, re.DOTALL)
    return json.loads(html.unescape(title))


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_has_the_token_before_it_asks_for_the_loader(tmp_path: Path) -> None:
    user = {"id": "1", "name": HOSTILE}
    page = tmp_path / "page.html"
    page.write_text(WATCHED.format(before="text", snippet=snippet(encrypt(user, SECRET, IV), HOSTILE)))
    with loading() as loader:
        found = shown(page, loader)
    assert decrypt(found["settings"], SECRET) == user
    assert found["setAt"] <= found["askedAt"]
    assert found["queue"] == [["track", "page_view", {"page": 1}]]
    assert found["scripts"] == 4, "ours, the loader, and the two of the page"
    (path,) = loader.paths
    assert unquote(path) == f"/v2/j/{HOSTILE}?version=2.0.0"
