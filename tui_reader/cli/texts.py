"""The command that writes a paper's text."""

import json
import os
import sys
from contextlib import suppress

from tui_reader.cli import output, shell
from tui_reader.model import Paper, parse_id, row_of
from tui_reader.text import Mode, plain
from tui_reader.ui.row_text import ASCII

WIDTH = 88
"""Cells of a line; more are hard to read."""


@shell.command(
    "text",
    shell.argument("id", metavar="ID", help="an arXiv identifier, in any form"),
    shell.argument("--width", type=int, metavar="N", help="cells of a line"),
    shell.flag("--tex", "formulas as their TeX"),
    shell.flag("--json", "one JSON object: the state, the sections, how much there is"),
)
def _text(options: shell.Options) -> int:
    """Write a paper's text: what is kept, else what arXiv has as HTML."""
    from tui_reader import full_text
    from tui_reader.document import FullText, TextState

    paper, version = parse_id(options.id)
    text = full_text.load(options.paths, paper, version, shell.now())
    known = options.store.papers.at([row_of(paper)]).get(row_of(paper))
    if text is None and not full_text.is_offered(known):
        text = FullText(TextState.NONE, paper, version)
    if text is None:
        with shell.talk(options.paths) as talk:
            contact = options.config.contact
            text = full_text.fetch(options.paths, contact, paper, version, talk.show)
    title = plain(known.title) if known and known.title else text.title
    if options.json:
        output.write_json([json.dumps(full_text.summary(text, title), ensure_ascii=False)])
    elif text.state.is_text:
        width = max(options.width or min(_columns(), WIDTH), 20)
        for line in full_text.written(text, known, width, options.mode, tex=options.tex):
            shown = line.translate(ASCII) if options.mode is Mode.ASCII else line
            sys.stdout.write(f"{shown}\n")
    else:
        from tui_reader import handing_on

        paper_here = known or Paper(paper, "", version=version)
        lines = handing_on.pdf_text(options.paths, paper_here)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    if text.state.says:
        output.say(f"tui-reader: {paper}: {text.state.says}")
    return shell.DONE if text.state.is_text else shell.PARTLY


def _columns() -> int:
    """Return how wide the terminal is, also where a pager stands before it."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        with suppress(AttributeError, ValueError, OSError):
            return os.get_terminal_size(stream.fileno()).columns  # type: ignore[union-attr]
    return WIDTH
