"""The form as ``align form`` serves it: one machine, one token, one client, nothing else, and nothing left behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, build_opener, urlopen

import nbformat
import psutil
import pytest
from lab import Served, alive, until
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, expect
from slices import sliced

pytestmark = pytest.mark.browser

PARAMETERS = 'client: str = ""  # the client\nclients_dir: str = ""  # the folder of all clients'
WIDGETS = """import pathlib, sys, ipywidgets as w, toolkit, traitlets
for failing in pathlib.Path(clients_dir).glob("failing.py"):
    exec(failing.read_text())
print("a stray warning", file=sys.stderr)
name, echo = w.Text(description="Name"), w.Label()
name.observe(lambda change: setattr(echo, "value", f"typed: {change['new']}"), "value")
class Unknown(w.DOMWidget):
    _model_module = _view_module = traitlets.Unicode("no-such-widget").tag(sync=True)
    _model_name = _view_name = traitlets.Unicode("Unknown").tag(sync=True)
    _model_module_version = _view_module_version = traitlets.Unicode("1.0.0").tag(sync=True)
given = [w.Text(client, description="Client"), w.Text(clients_dir, description="Folder")]
w.VBox([*given, name, echo, Unknown()])"""
ODD = 'cli\'ents "😀" \\N{x} {y}'


def notebook(folder: Path, *cells: str) -> Path:
    """Write a notebook of the form's shape: parameters first, then the cells."""
    made = new_notebook(
        cells=[
            new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            *(new_code_cell(one) for one in cells),
        ],
        metadata={"kernelspec": {"name": "a-kernel-of-old", "display_name": "Old", "language": "python"}},
    )
    path = folder / "throw-away.ipynb"
    nbformat.write(made, path)
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page of a few widgets, served for a client in a folder with an odd name; a file lies in wait beside it."""
    with widgets(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def served(server: Served) -> Iterator[Served]:
    """The server that these tests share, without a window yet."""
    yield server
    server.leave()


def widgets(tmp_path: Path) -> Served:
    """Serve the page of widgets from a new folder."""
    clients = tmp_path / ODD
    (clients / "acme").mkdir(parents=True)
    (clients / "acme" / "client.yaml").write_text("secret: yes", "utf-8")
    (clients / "acme" / "logo.png").write_bytes(b"secret")
    (tmp_path / "voila.json").write_text('{"Voila": {"ip": "0.0.0.0", "token": ""}}', "utf-8")
    return Served("acme", clients, tmp_path, notebook=notebook(tmp_path, WIDGETS))


def status(address: str, **headers: str) -> int:
    """Return the HTTP status of an address asked for without following a redirection."""
    host, _, path = address.removeprefix("http://").partition("/")
    asked = http.client.HTTPConnection(host, timeout=30)
    asked.request("GET", f"/{path}", headers=headers)
    return asked.getresponse().status


def test_the_form_works_and_asks_no_other_machine(chromium: Browser, served: Served) -> None:
    """Parameters arrive letter for letter, typing reaches the kernel, every request stays here, warnings stay hidden."""
    page = served.window(chromium)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(f"{served.address}/?token={served.token}")
    served.ready(page)
    expect(page).to_have_title("The form for acme")
    expect(page.get_by_label("Client")).to_have_value("acme")
    expect(page.get_by_label("Folder")).to_have_value(str(served.folder / ODD))
    page.get_by_label("Name").fill("Zoë")
    expect(page.get_by_text("typed: Zoë")).to_be_visible()
    page.wait_for_timeout(1000)  # for the widget that no one knows
    here = re.compile(r"(http|ws)" + re.escape(served.address.removeprefix("http")) + "/|data:|blob:")
    assert [url for url in asked if not here.match(url)] == []
    assert any(url.startswith("ws:") for url in asked)
    assert "stray" not in page.content()
    assert page.locator(".jp-InputArea").count() == 0


def test_nothing_is_shown_without_the_token_or_to_another_host(served: Served) -> None:
    """Without the token: a login page or a refusal. With another machine's name, or from outside loopback: refused."""
    for path in ("", "api/kernels/00000000-0000-0000-0000-000000000000", "form.ipynb"):
        assert status(f"{served.address}/{path}") in (302, 403), path
    right = f"{served.address}/?token={served.token}"
    assert status(f"{served.address}/?token={served.token[:-1]}x") == 302
    assert status(right, Host="evil.example") == 403
    assert served.kernels() == []
    port = int(served.address.rpartition(":")[2])
    listening = {
        one.laddr.ip
        for one in psutil.Process(served.process.pid).net_connections("tcp")
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    }
    assert listening == {"127.0.0.1"}


def test_a_page_of_another_origin_cannot_reach_a_kernel(chromium: Browser, served: Served) -> None:
    """The socket to a kernel is refused to another origin, even with the cookie; the cookie does not go there."""
    page = served.open(chromium)
    cookies = page.context.cookies()
    (mine,) = [one for one in cookies if one["name"].startswith("username")]
    assert mine["httpOnly"]
    assert mine["sameSite"] == "Strict"
    cookie = f"{mine['name']}={mine['value']}"
    (kernel,) = [
        found[1] for one in served.kernels() if (found := re.search(r"kernel-([-\w]+)\.json", " ".join(one.cmdline())))
    ]  # fmt: skip
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    channels = f"{served.address}/api/kernels/{kernel}/channels"
    assert status(channels, **upgrade, Origin=served.address) == 403
    upgrade["Cookie"] = cookie
    assert status(channels, **upgrade, Origin="http://evil.example") == 403
    assert status(channels, **upgrade, Origin=served.address) == 101


def test_no_file_is_served(served: Served) -> None:
    """Neither the clients' files nor the page's own folder can be read, with the token and by any path."""
    shut = ("form.ipynb", "open.html", "acme/logo.png", "../acme/logo.png", "..%2Facme%2Flogo.png")
    outside = str(served.folder / ODD / "acme" / "logo.png").replace(" ", "%20").replace('"', "%22")
    opener = build_opener()
    for start in (
        "voila/files/",
        "",
        "voila/static/",
        "files/",
        "api/contents/",
        "voila/api/contents/",
        "voila/tree/",
    ):
        for path in (*shut, outside.encode("ascii", "ignore").decode(), "%2Fetc%2Fpasswd"):
            request = Request(
                f"{served.address}/{start}{path}", headers={"Authorization": f"token {served.token}"}
            )
            with pytest.raises(HTTPError) as refused:
                opener.open(request, timeout=30)
            assert refused.value.code in (403, 404), (start, path)


def test_each_window_has_a_kernel_that_ends_with_it(chromium: Browser, served: Served) -> None:
    """Two windows, two kernels; a reload gets a fresh one in place of the old; closed windows leave none."""
    first, _ = served.open(chromium), served.open(chromium)
    assert len(served.kernels()) == 2
    before = {one.pid for one in served.kernels()}
    first.reload()
    served.ready(first)
    until(lambda: len(served.kernels()) == 2, "the kernel of the page before the reload to end")
    assert {one.pid for one in served.kernels()} != before
    served.leave()
    assert served.kernels() == []


def test_a_form_whose_kernel_is_gone_says_so_and_takes_no_typing(chromium: Browser, served: Served) -> None:
    """After a crash of the kernel the page tells it once, is shut, and comes back by its button."""
    page = served.open(chromium)
    page.get_by_label("Name").fill("before")
    expect(page.get_by_text("typed: before")).to_be_visible()
    served.kill_kernel()
    gone = page.get_by_role("alert")
    expect(gone).to_contain_text("This page has stopped", timeout=15_000)
    assert page.locator("#rendered_cells").evaluate("form => form.inert")
    # Sooner or later ipywidgets marks each field as broken; no mark shows beside the notice.
    marked = "one => { one.classList.add('jupyter-widgets-disconnected'); return getComputedStyle(one, '::before').content }"
    assert page.locator(".jupyter-widgets").first.evaluate(marked) == "none"
    expect(gone).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reload")).to_be_focused()
    page.keyboard.press("Enter")
    expect(gone).to_have_count(0)
    served.ready(page)
    page.get_by_label("Name").fill("after")
    expect(page.get_by_text("typed: after")).to_be_visible()
    until(lambda: len(served.kernels()) == 1, "the restarted kernel to end")


def test_a_lost_window_leaves_no_kernel(chromium: Browser, tmp_path: Path) -> None:
    """A window that vanishes without a word loses its kernel in time; one left alone keeps it, until the server ends."""
    soon = "import toolkit.intake.voila_server as server; server.LOST_AFTER = 10"
    with Served("acme", tmp_path, tmp_path, notebook=notebook(tmp_path, WIDGETS), first=soon) as served:
        page, lost = served.open(chromium), served.open(chromium)
        lost.close(run_before_unload=False)
        assert len(served.kernels()) == 2
        until(lambda: len(served.kernels()) == 1, "the lost window's kernel to end")
        page.wait_for_timeout(2500)  # it was idle for longer than the lost one, and is looked at each second
        page.get_by_label("Name").fill("here")
        expect(page.get_by_text("typed: here")).to_be_visible()
        served.close()
        expect(page.get_by_role("alert")).to_contain_text("start “align form” again", timeout=15_000)
        page.context.close()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_window_that_is_closed_while_it_opens_leaves_no_kernel(tmp_path: Path) -> None:
    """A connection that ends while its kernel is still at the first cell does not keep that kernel."""
    first = "import toolkit.intake.voila_server as server; server.LOST_AFTER = 10"
    cells = notebook(tmp_path, "import time; time.sleep(3)", WIDGETS)
    with Served("acme", tmp_path, tmp_path, notebook=cells, first=first) as served:
        host = served.address.removeprefix("http://")
        page = http.client.HTTPConnection(host, timeout=60)
        page.request("GET", f"/?token={served.token}")
        head = page.getresponse()
        start = b""
        while not (kernel := re.search(rb'"kernelId": ?"([0-9a-f-]+)"', start)):
            start += head.read1()
        served.process.send_signal(signal.SIGSTOP)  # so that it reads the request and its end together
        window = http.client.HTTPConnection(host, timeout=60)
        window.request(
            "GET",
            f"/api/kernels/{kernel[1].decode()}/channels?session_id=closed&token={served.token}",
            headers={
                "Connection": "Upgrade", "Upgrade": "websocket", "Origin": served.address,
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            },
        )  # fmt: skip
        window.close()
        served.process.send_signal(signal.SIGCONT)
        head.read()
        assert len(served.kernels()) == 1
        until(lambda: served.kernels() == [], "the kernel to end", patience=40)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("name", sliced(["SIGTERM", "SIGKILL", "SIGINT", "SIGHUP"], 2))
def test_ending_it_leaves_nothing(tmp_path: Path, name: str) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end server and kernels in peace, and remove the private folder; a kill ends all."""
    with widgets(tmp_path) as served:
        urlopen(f"{served.address}/?token={served.token}", timeout=60).read()
        processes = served.processes()
        assert len(processes) >= 2
        (private,) = {
            Path(found[0]) for one in served.kernels() if (found := re.search(r"\S*align-form-[^/\s]+", " ".join(one.cmdline())))
        }  # fmt: skip
        assert private.stat().st_mode & 0o777 == 0o700
        served.process.send_signal(getattr(signal, name))
        served.process.wait(timeout=30)
        until(lambda: alive(processes) == [], "all processes to end")
        if name != "SIGKILL":
            assert served.process.returncode == 0
            assert not private.exists()
            assert "Traceback" not in served.said


@pytest.mark.parametrize(
    ("raised", "shown", "hidden"),
    [
        ("from toolkit.errors import AlignError; raise AlignError('The record is <b>newer</b>.')",
         "The record is <b>newer</b>.", "AlignError"),
        ("1 / 0", "The page could not be shown.", "ZeroDivisionError"),
    ],
)  # fmt: skip
def test_an_error_is_words(chromium: Browser, served: Served, raised: str, shown: str, hidden: str) -> None:
    """The toolkit's own errors say what they say, any other that the form could not be shown; no traceback, no HTML."""
    failing = served.folder / ODD / "failing.py"
    failing.write_text(raised, encoding="utf-8")
    before = len(served.said)
    page = served.window(chromium)
    answer = page.goto(f"{served.address}/?token={served.token}")
    served.ready(page)
    failing.unlink()
    expect(page.get_by_role("alert")).to_contain_text(shown)
    assert answer is not None
    source = answer.text()
    assert hidden not in page.content()
    assert hidden not in source
    assert "Traceback" not in source + served.said[before:]
