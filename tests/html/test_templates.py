"""Templates: every value escaped, a value that is missing an error, and nothing that ends its element early."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from toolkit.html import templates
from toolkit.shipped import shipped

HOSTILE = "</td><script>alert(1)</script> & {{ 7 * 7 }}"
ESCAPED = "&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7 * 7 }}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of templates: a page, a text, and a page that includes a part."""
    for name, text in (
        ("page.html.j2", "<p>{{ told }}</p>"), ("letter.txt.j2", "{{ told }}"), ("whole.html.j2", "{% include 'page.html.j2' %}"),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(templates, "shipped", lambda name: tmp_path.parent)
    return tmp_path.name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html.j2", f"<p>{ESCAPED}</p>"),
        ("whole.html.j2", f"<p>{ESCAPED}</p>"),
        ("letter.txt.j2", HOSTILE),
    ],
)
def test_a_page_escapes_and_a_letter_does_not(folder: str, name: str, text: str) -> None:
    """Whatever a client writes stays text in a page, included parts too; in plain text it stands as it is."""
    assert templates.rendered(folder, name, told=HOSTILE) == text


def test_a_value_that_nobody_gives_is_an_error(folder: str) -> None:
    """A page is never sent out with a hole in it."""
    with pytest.raises(UndefinedError):
        templates.rendered(folder, "page.html.j2")


def test_only_letters_are_not_escaped() -> None:
    """Of the templates that ship, one makes plain text; every other escapes."""
    bare = [path.name for path in shipped("templates").rglob("*.j2") if path.name.endswith(".txt.j2")]
    assert bare == ["letter.txt.j2"]


@pytest.mark.parametrize(("tag", "text"), [("style", "p { } </STYLE><script>"), ("script", "'</script>'")])
def test_inline_text_that_would_end_its_element_is_refused(tag: str, text: str) -> None:
    """A style sheet or script stays within its element."""
    assert templates.inline(tag, "let a = 1 < 2") == "let a = 1 < 2"
    with pytest.raises(ValueError, match="would end it early"):
        templates.inline(tag, text)
