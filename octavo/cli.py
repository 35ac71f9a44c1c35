"""What a person types and sees.

Comes in: the command line. Goes out: talk on stderr, data on stdout, and an exit code:
0 built, 1 findings, 2 usage, 3 a system library is missing. A fault of ours keeps its
traceback. A build with nothing to do imports no engine.
"""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import cache, partial
from io import StringIO
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from octavo import unchanged
from octavo.account import Account
from octavo.findings import Findings, Unbuildable, nearest
from octavo.ledger import Entry, Ledger
from octavo.unchanged import (
    cache_folder,
    digest,
    digest_of,
    note_asked,
    own_files,
    surroundings,
)

if TYPE_CHECKING:
    from octavo.preview.post import Post

ROOT = Path(unchanged.ROOT)
STAGES = ("transcript", "book", "contents", "index", "pagemap")
OUTPUTS = ("pdf", "epub", "web")
MISSING_LIBRARY = 3
PORT = 8765
"""The preview's."""
SHELF_PORT = 8766
CACHE = Path(cache_folder())

Book = click.option(
    "--book",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / "book",
    help="The edition's folder.  [default: book]",
)
Out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Where the files go.  [default: dist beside the edition's folder]",
)
Only = click.option(
    "--only", default=",".join(OUTPUTS), help="Make only these, e.g. `pdf` or `pdf,epub`."
)


def main(arguments: Sequence[str]) -> int:
    """Run the command line *arguments*; ``build`` is the command when none is named."""
    try:
        code = commands.main(
            _with_command(list(arguments)), "build.py", standalone_mode=False, obj=tuple(arguments)
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return int(code or 0)


def _with_command(arguments: list[str]) -> list[str]:
    first = arguments[0] if arguments else "--"
    if first in commands.commands or first in GROUP_OPTIONS:
        return arguments
    if not first.startswith("-"):
        hint = nearest(first, commands.commands) or f"commands: {', '.join(commands.commands)}"
        message = f"no command is called `{first}`; {hint}"
        raise click.UsageError(message)
    return ["build", *arguments]


GROUP_OPTIONS = ("--help", "--version")


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from octavo.print.engine import engine_versions
        from octavo.versions import package_versions

        for name, number in {**package_versions(), **engine_versions()}.items():
            click.echo(f"{name} {number}")
        context.exit()


@click.group()
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the versions of everything that can change the output.",
)
def commands() -> None:
    """Turn a transcript into a book: a typeset PDF, an EPUB, and a page to download them from."""


@commands.command()
@Book
@Out
@Only
@click.option("--stage", type=click.Choice(STAGES), help="Print a stage as text and stop.")
@click.pass_obj
def build(
    asked: tuple[str, ...], book: Path, out: Path | None, only: str, stage: str | None
) -> int:
    """Build the book (this is what happens when no command is named)."""
    if stage:
        return _print_stage(book, stage)
    folder, outputs = out or book.resolve().parent / "dist", _outputs(only)
    account = _build(book, folder, outputs)
    if account.files:
        note_asked(asked, str(_ledger(book, folder, outputs).path), (str(book), str(folder)))
    return account.code


def _outputs(only: str) -> frozenset[str]:
    outputs = frozenset(part.strip() for part in only.split(","))
    if not outputs <= set(OUTPUTS):
        raise click.BadParameter(f"`{only}` is not made of {', '.join(OUTPUTS)}")
    if outputs == {"web"}:
        raise click.BadParameter("`web` offers what is made with it: say `pdf,epub,web`")
    return outputs


@commands.command()
@Book
@Out
def check(book: Path, out: Path | None) -> int:
    """Build, then hand the files to independent validators."""
    from octavo.proof.validators import validate

    folder = out or book.resolve().parent / "dist"
    account = _build(book, folder, frozenset(OUTPUTS))
    if not account.is_good:
        return account.code
    files = _last_outputs(book, folder)
    bad = 0
    for verdict in validate(*files):
        click.echo(str(verdict))
        bad += not verdict.passed
    return 1 if bad else 0


@commands.command()
@Book
@Out
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
def lint(book: Path, out: Path | None, as_json: bool) -> int:
    """Count what a book designer would send back, and draw every page in `proof`."""
    from octavo.press import viewing
    from octavo.print.lint import sum_of_faults

    folder = (out or book.resolve().parent / "dist") / "proof"
    with _findings() as findings, _progress() as progress:
        faults = viewing.lint_book(book, folder, findings, progress)
        text = viewing.as_json(faults) if as_json else "".join(f"{fault}\n" for fault in faults)
        click.echo(text, nl=False)
        _say(f"{folder / 'index.html'}", sum_of_faults(faults))
    return _code(findings)


@commands.command()
@Book
@Out
@Only
@click.option("--serve", is_flag=True, help="Show the book in a browser, anew after each build.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The preview's address ends in it; 0: any that is free.  [default: {PORT}]",
)
def watch(book: Path, out: Path | None, only: str, serve: bool, port: int | None) -> int:
    """Build, and build again whenever a file is saved; Ctrl-C ends it."""
    if port is not None and not serve:
        raise click.UsageError("`--port` is the preview's; add `--serve`, which shows it")
    from octavo.press.standing import StandingPress
    from octavo.watch import watch as watch_folders

    folder = out or book.resolve().parent / "dist"
    build_once = partial(_build, book, folder, _outputs(only))
    build: Callable[[], object] = build_once
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        service: AbstractContextManager[object] = nullcontext()
        if serve:
            from octavo.preview.post import open_post

            post = stack.enter_context(open_post())
            build = partial(post.tell, build_once)
            service = _preview(post, PORT if port is None else port)
        _say(f"watching {book}; Ctrl-C ends it")
        watch_folders(book, [ROOT / "templates"], folder, build, StandingPress(CACHE), service)
    return 0


@contextmanager
def _preview(post: "Post", port: int) -> Iterator[None]:
    """Serve what *post* tells; begun where the watcher may have threads."""
    from octavo.preview.server import preview

    with _free_port(port), preview(post, port, CACHE) as address:
        _say(f"the preview: {address}")
        yield


@contextmanager
def _free_port(port: int) -> Iterator[None]:
    """Tell what to do where another program has the *port*."""
    try:
        yield
    except OSError as error:
        trouble = {errno.EADDRINUSE: "is taken", errno.EACCES: "may not be used"}
        if error.errno not in trouble:
            raise
        hint = "choose another with `--port`, or `--port 0` for any that is free"
        raise click.UsageError(f"port {port} {trouble[error.errno]}; {hint}") from None


@commands.command()
@Book
@Out
@click.option("--lan", is_flag=True, help="Let phones and e-readers around this machine ask, too.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=SHELF_PORT,
    help=f"The address ends in it; 0: any that is free.  [default: {SHELF_PORT}]",
)
def serve(book: Path, out: Path | None, lan: bool, port: int) -> int:
    """Hand out what was built, to this machine or to those around it; Ctrl-C ends it."""
    from octavo.serve.server import serve as serve_folder

    folder = out or book.resolve().parent / "dist"
    if not (folder / "index.html").is_file():
        raise click.UsageError(f"there is no book in {folder}; `python3 build.py` makes it")
    with _free_port(port), serve_folder(folder, port, lan=lan) as addresses:
        _say(f"the book: {addresses.here}")
        if addresses.around:
            _say(f"from a phone or e-reader in the same network: {addresses.around}")
            _say(qr_code(addresses.around))
        elif lan:
            _say("this machine is in no network that others could ask from")
        with suppress(KeyboardInterrupt):
            Event().wait()
    return 0


def qr_code(address: str) -> str:
    """A picture of *address* in characters, for a camera."""
    import segno

    drawn = StringIO()
    segno.make(address).terminal(drawn, compact=True)
    return drawn.getvalue()


@commands.command()
@click.argument("transcript", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--book",
    type=click.Path(path_type=Path, file_okay=False),
    help="The new edition's folder.  [default: named after the transcript]",
)
@click.option("--language", default="en", help="The transcript's language (BCP 47).")
def new(transcript: Path, book: Path | None, language: str) -> int:
    """Write a first edition for TRANSCRIPT: its speakers, found and counted."""
    from octavo.edition.draft import draft_edition

    folder = book or Path(transcript.stem)
    with _findings() as findings:
        for path in draft_edition(transcript, folder, language, findings.report):
            click.echo(f"wrote {path}", err=True)
    return _code(findings)


@commands.command()
@click.option(
    "--older", type=click.IntRange(min=0), default=0, help="Only entries unused for so many days."
)
def clean(older: int) -> int:
    """Empty the cache; it is safe to do so at any time."""
    from octavo.cache import Cache

    count = Cache(CACHE).clean(older)
    if not older:
        from octavo.preview.engine import remove_engines

        remove_engines(CACHE)
    click.echo(f"removed {count} files from {CACHE.name}", err=True)
    return 0


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> int:
    """Run Octavo's own tests; ARGUMENTS go to pytest."""
    import pytest

    return int(pytest.main([f"--rootdir={ROOT}", *(arguments or [str(ROOT / "tests")])]))


# Building -------------------------------------------------------------------


def _build(book: Path, out: Path, outputs: frozenset[str]) -> Account:
    started = time.perf_counter()
    ledger = _ledger(book, out, outputs)
    around = surroundings()
    last = ledger.read()
    # Each file once, and before any is read.
    look = cache(digest)
    if last and last.is_true(look):
        _say(*last.told)
        return replace(last.account, lines=(*last.account.lines, "nothing to do"))
    account = Account()
    with _findings() as findings:
        from octavo.cache import Cache
        from octavo.press import Request, build

        edition = str(book.resolve())
        inputs: dict[str, str] = {}

        def look_at_all() -> None:
            inputs.update((path, look(path)) for path in own_files(edition))

        with _progress() as progress:
            request = Request(book, out, outputs, Cache(CACHE))
            built = build(request, findings, progress, look_at_all)
        # What was read and made, not what lies there now: it may have been saved again since.
        inputs |= {str(path): digest_of(data) for path, data in built.inputs.items()}
        made = {str(path.resolve()): digest_of(data) for path, data in built.files.items()}
        changes = built.changes
        account = Account(
            tuple(findings.ordered), built.lines, tuple(made), changes.locators, changes.headings
        )
        ledger.write(Entry(inputs, made, around, edition, account))
        told = changes.tell(last.account.locators if last else None)
        told += f", built in {time.perf_counter() - started:.2f} s"
        _say(*built.lines, told)
        account = replace(account, lines=(*account.lines, told))
    # Of a build that was stopped there are findings alone.
    return account if account.files else Account(tuple(findings.ordered))


def _ledger(book: Path, out: Path, outputs: frozenset[str]) -> Ledger:
    return Ledger(CACHE, f"{ROOT}\n{book.resolve()}\n{out.resolve()}\n{sorted(outputs)}")


def _last_outputs(book: Path, out: Path) -> tuple[Path | None, Path]:
    """The reading file, if the edition has one, and the e-book."""
    from octavo.edition import file_stem
    from octavo.press.reading import read_book

    edition = read_book(book, Findings()).edition
    stem = file_stem(edition)
    reading = out / f"{stem}.pdf" if "reading" in edition.file.print.edition else None
    return reading, out / f"{stem}.epub"


def _print_stage(book: Path, stage: str) -> int:
    from octavo.press.stages import dump_stage

    with _findings() as findings:
        click.echo(dump_stage(book, stage, findings), nl=False)
    return _code(findings)


# Talking --------------------------------------------------------------------


def _say(*lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)


@contextmanager
def _findings() -> Iterator[Findings]:
    """Print what was found in source order, however the stages ended."""
    findings = Findings()
    try:
        yield findings
    except Unbuildable:
        pass
    except OSError as error:
        if "cannot load library" not in str(error):
            raise
        click.echo(f"a system library is missing: {error}", err=True)
        raise click.exceptions.Exit(MISSING_LIBRARY) from None
    finally:
        _say(*(str(finding) for finding in findings.ordered))


def _code(findings: Findings) -> int:
    return 1 if findings.faults else 0


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the step at work on one line of a terminal that can; elsewhere nothing."""
    if not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield lambda step: None
        return
    from rich.console import Console

    console = Console(stderr=True, no_color="NO_COLOR" in os.environ or None)
    with console.status("reading") as status:
        yield status.update
