"""Tests of the last look at a deliverable."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit.errors import DeliverableError
from toolkit.html.policy import script_hash, security_policy
from toolkit.publish import verify as module
from toolkit.publish.verify import verify

SCRIPT = "var shown = 1;"
PIXEL = "data:image/png;base64,iVBORw0KGgo="


def page(body: str = "", head: str = "", policy: str | None = None, before: str = "") -> bytes:
    """Return a sound page with something added."""
    policy = security_policy([SCRIPT]) if policy is None else policy
    return (
        f'<!DOCTYPE html><html lang="en"><head>{before}'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta charset="utf-8">'
        f"<title>T</title>{head}</head><body><main><h1>Heading</h1><p>Text.</p>{body}</main>"
        f"<script>{SCRIPT}</script></body></html>"
    ).encode()


SOUND = {
    "nothing added": "",
    "a data picture": f'<img alt="x" src="{PIXEL}">',
    "a link within the page": '<a href="#one">one</a>',
    "an address as text": "<p>See https://example.com/ and javascript:alert(1)</p>",
    "a script as text": "<p><bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi></p>",
    "a fragment in a style": '<p style="fill: url(#pattern)">x</p>',
    "a client's traceback": "<bdi>Traceback (most recent call last)</bdi>",
    "a closed table of data": "<details><summary>Data</summary><table><tr><td>1</td></tr></table></details>",
}

HOSTILE_BODY = {
    "an outside picture": '<img alt="" src="https://example.com/a.png">',
    "a picture without a scheme": '<img alt="" src="//example.com/a.png">',
    "a picture beside the file": '<img alt="" src="a.png">',
    "a candidate picture": f'<img alt="" src="{PIXEL}" srcset="https://example.com/a.png 2x">',
    "an HTML document as a picture": '<img alt="" src="data:text/html,<script>1</script>">',
    "an outside link": '<a href="https://example.com/">x</a>',
    "a script link": '<a href="javascript:alert(1)">x</a>',
    "a script link in disguise": '<a href="&#106;ava\tscript:alert(1)">x</a>',
    "a data link": '<a href="data:text/html,x">x</a>',
    "a link that reports": '<a href="#one" ping="https://example.com/">x</a>',
    "a link out of the folder": '<a href="../other/deliverables/r1/assessment.html">x</a>',
    "an event handler": '<p onclick="alert(1)">x</p>',
    "an event handler in capitals": f'<img alt="" src="{PIXEL}" ONERROR=alert(1)>',
    "an event handler after a slash": "<p/onmouseover=alert(1)>x</p>",
    "an unlisted script": "<script>alert(1)</script>",
    "a listed script, changed": f"<script>{SCRIPT} </script>",
    "an outside script": '<script src="https://example.com/a.js"></script>',
    "an empty script": "<script></script>",
    "a script in a picture": "<svg><script>alert(1)</script></svg>",
    "a picture that links": '<svg><use xlink:href="https://example.com/#a"></use></svg>',
    "mathematics": '<math><mtext><img src="x"></mtext></math>',
    "a frame": '<iframe srcdoc="x"></iframe>',
    "an object": '<object data="a.pdf"></object>',
    "an embedded thing": '<embed src="a.pdf">',
    "a form": '<form action="https://example.com/"></form>',
    "a button that sends": '<button formaction="https://example.com/">x</button>',
    "a field": '<input value="x">',
    "a film": '<video poster="https://example.com/a.png"></video>',
    "a style sheet": '<link rel="stylesheet" href="https://example.com/a.css">',
    "a template": "<template><p>x</p></template>",
    "text for browsers without scripts": '<noscript><img src="x"></noscript>',
    "an address in a style": '<p style="background: url(https://example.com/a.png)">x</p>',
    "an escaped address in a style": r'<p style="background: \75rl(https://example.com/a.png)">x</p>',
    "an address in an image set": """<p style="background: image-set('https://example.com/a.png' 1x)">x</p>""",
    "an imported style": '<style>@import "https://example.com/a.css";</style>',
    "an imported style, escaped": r"<style>@\69mport url(https://example.com/a.css);</style>",
    "a font from outside": "<style>@font-face { src: url(//example.com/a.woff) }</style>",
    "a nested address": "<style>@media screen { p { background: url('a.png') } }</style>",
    "an old script in a style": '<p style="width: expression(alert(1))">x</p>',
    "a moved base": '<base href="https://example.com/">',
    "a refresh": '<meta http-equiv="refresh" content="0; url=https://example.com/">',
    "an unknown element": "<marquee>x</marquee>",
    "an unknown attribute": '<p attributionsrc="https://example.com/">x</p>',
    "an error": "<pre>Traceback (most recent call last):</pre>",
    "another client's name": "<p>As at Acme Rockets, this</p>",
    "another client's name as a picture's description": f'<img alt="acme rockets" src="{PIXEL}">',
}

HOSTILE_PAGE = {
    "no policy": page().replace(b"Content-Security-Policy", b"X-Nothing"),
    "a policy after something else": page(before="<title>early</title>"),
    "a policy that lets all scripts run": page(
        policy=security_policy([SCRIPT]).replace("script-src", "script-src 'unsafe-inline'")
    ),
    "a policy that lets a host's scripts run": page(
        policy=security_policy([SCRIPT]).replace("script-src", "script-src https://example.com")
    ),
    "a policy that loads by default": page(
        policy=security_policy([SCRIPT]).replace("default-src 'none'", "default-src *")
    ),
    "a policy that lets forms be sent": page(
        policy=security_policy([SCRIPT]).replace("form-action 'none'", "form-action *")
    ),
    "a policy that connects": page(policy=security_policy([SCRIPT]) + "; connect-src *"),
    "a policy repeated, the weak one first": page(
        policy=f"script-src 'unsafe-inline'; {security_policy([SCRIPT])}"
    ),
    "nothing in it": page().replace(b"<h1>Heading</h1><p>Text.</p>", b""),
    "no title": page().replace(b"<title>T</title>", b"<title> </title>"),
    "no heading": page().replace(b"h1>", b"p>"),
    "text in another encoding": page("<p>caf\u00e9</p>").decode().encode("latin-1"),
    "nothing at all": b"",
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_sound(body: str) -> None:
    """What our own pages hold passes, hostile text that stands as text included."""
    verify("a.html", page(body), ["Acme Rockets"])


@pytest.mark.parametrize("body", HOSTILE_BODY.values(), ids=HOSTILE_BODY)
def test_hostile_body(body: str) -> None:
    """Whatever could load, run or leak something is refused."""
    with pytest.raises(DeliverableError, match="was refused"):
        verify("a.html", page(body), ["Acme Rockets"])


@pytest.mark.parametrize("data", HOSTILE_PAGE.values(), ids=HOSTILE_PAGE)
def test_hostile_page(data: bytes) -> None:
    """A page whose policy or content is not as it must be is refused."""
    with pytest.raises(DeliverableError, match="was refused"):
        verify("a.html", data)


def test_all_at_once() -> None:
    """The message lists everything found, not only the first."""
    body = '<iframe></iframe><p onclick="x">x</p><img alt="" src="http://example.com/">'
    with pytest.raises(DeliverableError) as error:
        verify("a.html", page(body))
    for part in ("a.html", "<iframe>", "onclick", "http://example.com/"):
        assert part in str(error.value)


def test_relative_links() -> None:
    """The consultant's own page may link to what lies below it, and to nothing else."""
    verify("book.html", page('<a href="a-b/deliverables/r1/assessment.html">x</a>'), relative_links=True)
    for address in ("../x.html", "a/../../x.html", "/etc/passwd", "file:///x", "a:b", "//x/y", "https://x.y"):
        with pytest.raises(DeliverableError):
            verify("book.html", page(f'<a href="{address}">x</a>'), relative_links=True)


def test_foreign_name_within_a_word() -> None:
    """A name that only stands within a longer word is no leak."""
    verify("a.html", page("<p>Classified</p>"), ["Class"])


def test_a_name_of_ones_own_is_no_leak() -> None:
    """What this client's own files hold may stand there, though another client bears the name."""
    verify("a.html", page("<p>Acme Rockets</p>"), ["Acme Rockets"], lambda name: name == "Acme Rockets")


def test_a_pattern_is_tried_only_for_names_that_stand_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside thousands of clients, looking for their names takes a search of the text each, no more."""
    tried: list[str] = []
    monkeypatch.setattr(module, "_stands_in", lambda text, name: tried.append(name))
    verify("a.html", page("<p>Classified</p>"), ["Class", *(f"Client {number}" for number in range(5000))])
    assert tried == ["Class"]


# Letters of which a pattern takes two or more for one, and what stands round them.
LETTERS = st.text("aAiIıİ\u0307kK\u212asSſẞßσςΣﬁﬅﬆΐΐ ", max_size=8)


@given(LETTERS.filter(str.strip), LETTERS, LETTERS)
@example("i", "", "\u0307")
def test_no_name_escapes_by_the_case_of_its_letters(name: str, before: str, after: str) -> None:
    """Whatever a pattern finds without regard to case, the plain search has found before."""
    for text in (before + name + after, before + name.upper() + after, before + name.swapcase() + after):
        assert not module._stands_in(text, name) or module._folded(name) in module._folded(text)


def test_hash_is_the_browsers() -> None:
    """A script's hash is the one the CSP specification gives for its example."""
    assert script_hash("doSomething();") == "sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc="
