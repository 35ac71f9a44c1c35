"""The editor's Markdown: prose in, well-formed markup out, and nothing that fetches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from octavo.render.prose import markdown

CASES = {
    "A *fine* **thing**.": "<p>A <em>fine</em> <strong>thing</strong>.</p>\n",
    "# Sources": "<h2>Sources</h2>\n",
    "###### Small": "<h6>Small</h6>\n",
    "One  \ntwo\n\n***": "<p>One<br />\ntwo</p>\n<hr />\n",
    "<b>x</b> &amp; &nbsp;": "<p>&lt;b&gt;x&lt;/b&gt; &amp; \N{NO-BREAK SPACE}</p>\n",
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n",
    "[a](https://a.example/)": '<p><a href="https://a.example/">a</a></p>\n',
    "[a](javascript:alert)": "<p>[a](javascript:alert)</p>\n",
    "[a](../secret.txt)": "<p>[a](../secret.txt)</p>\n",
    "![a](a.png)": "<p>![a](a.png)</p>\n",
    "![a](https://a.example/a.png)": '<p>!<a href="https://a.example/a.png">a</a></p>\n',
    "{{ 7 * 7 }}": "<p>{{ 7 * 7 }}</p>\n",
}


@pytest.mark.parametrize("text", CASES)
def test_markdown(text: str) -> None:
    """What an editor may write, and what is shown as typed."""
    assert markdown(text) == CASES[text]


def test_marks_are_set_across_an_emphasis() -> None:
    """A paragraph is marked as a whole, so that a quotation may begin within an emphasis."""

    def curl(words: str) -> str:
        return words.replace('"', "“", 1).replace('"', "”", 1)

    assert markdown('He said *"no*, twice".', curl) == "<p>He said <em>“no</em>, twice”.</p>\n"


def test_code_is_left_as_typed() -> None:
    """A mark in code may be meant."""
    assert markdown('`"a"`', str.upper) == "<p><code>&quot;a&quot;</code></p>\n"


@given(st.text("ab*_`#>-[]()!<&\"'\n 1.", max_size=60))
def test_any_text_gives_well_formed_xml(text: str) -> None:
    """Whatever is typed, the e-book can hold it."""
    etree.fromstring(f"<x>{markdown(text)}</x>")
