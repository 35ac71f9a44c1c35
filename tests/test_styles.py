"""What is worked out once comes out as the engine, which works it out again and again, has it."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STOCK = """
from octavo.print import furniture, pseudostyles, styles
styles.work_styles_out_once = furniture.set_furniture_once = lambda: None
pseudostyles.style_pseudo_elements_late = lambda: None
"""
SET = """
import hashlib, sys
from pathlib import Path
from octavo.findings import Findings
from octavo.press.reading import read_book
from octavo.print.body import BodyAtWork
from octavo.print.copy import Copy
from octavo.print.kept import pack
from octavo.print.signature import set_signature
from octavo.render.pages import stylesheet

reading = read_book(Path(sys.argv[1]), Findings())
css = stylesheet(reading.templates, reading.book) + sys.argv[2]
copies = []
class Taker:
    keeps = False
    def set(self, copy):
        copies.append(copy)
    set_first = set
BodyAtWork(reading.book, reading.templates, css, Taker(), reading.memory)
copies.append(Copy(sys.argv[3], css, reading.templates.folders))
for copy in copies:
    signature = set_signature(copy)
    print(len(signature.pages), hashlib.sha256(pack(signature, {})).hexdigest())
"""
PAGE = f"""<html lang="en"><head><title>x</title></head><body>
<section class="chapter"><h1 id="a">One</h1><p id="b">By <a href="point:c">two</a></p>
<table><tr><td id="c">1</td><td>2 <b>3</b></td></tr><tr><th id="d">4</th><td>5</td></tr></table>
<div style="display: flex"><p id="e">six</p><p id="f" style="width: 50%">seven</p></div>
<ul><li id="g">eight</li><li id="h" lang="de">neun</li></ul>
<ol><li>ten</li><li class="own">eleven</li></ol>
{"<p id='p'>It <i id='i'>went</i> on, <b>and so</b> on.</p>".join(["<h2>Again</h2>"] * 90)}
</section></body></html>"""
COUNTED = "@page :nth(3) { margin-top: 90pt } @page :nth(2n) { @top-center { content: 'even' } }"
MARKED = ".own::marker { color: #333; font-weight: bold } li::before { content: '*' }"
SHIFTED = "p { margin: 1% 2%; padding: 0 calc(1% + 2pt); anchor: attr(id) } i { margin: inherit }"


@cache
def set_by(change: str, css: str) -> list[str]:
    """The pages and digest of each signature that a process of its own sets after *change*."""
    command = [sys.executable, "-c", change + SET, str(ROOT / "book"), css, PAGE]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT)
    return done.stdout.splitlines()


@pytest.mark.parametrize("css", ["", COUNTED, SHIFTED, MARKED])
def test_signatures_are_those_of_the_engine(css: str) -> None:
    """The body of the first book, and a page of all that styles can differ in."""
    ours = set_by("", css)
    assert len(ours) == 2
    assert all(int(line.split()[0]) > 2 for line in ours)
    assert ours == set_by(STOCK, css)


def test_a_page_that_is_counted_is_another() -> None:
    """The rule for the third page alone moves what stands on it."""
    assert set_by("", COUNTED) != set_by("", "")
