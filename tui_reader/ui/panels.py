"""What opens over the screen: choices, questions and pages; loaded when the first one does."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from textual.app import App

from tui_reader.errors import TuiReaderError
from tui_reader.store import View
from tui_reader.text import Mode
from tui_reader.ui.inks import PageLayout

T = TypeVar("T")


class PanelDesk(Protocol):
    """What opening panels uses."""

    view: View
    """What is shown."""

    @property
    def app(self) -> App[Any]:
        """The app: threads, the clipboard, the terminal."""

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""

    def doing(self, work: Callable[[], None]) -> None:
        """Do what was asked, or say in the footer why it can't be done."""


class Panels:
    """Opens panels and pages over the screen."""

    def __init__(self, desk: PanelDesk) -> None:
        self._desk = desk

    def choose(
        self,
        question: str,
        offered: Sequence[tuple[Sequence[str], T]],
        take: Callable[[T], None],
        *,
        enter: str = "takes",
        at: object = None,
        preview: Callable[[T | None], None] | None = None,
        numbered: bool = False,
    ) -> None:
        """Offer values, each after its name and what is said of it; `take` gets one.

        `enter` says what Enter does with it. The cursor begins at the value `at`, else at the view
        where it is among them; `preview` is told to which value it moves, and at the end None. The
        first nine may be `numbered`.
        """
        from tui_reader.ui.popups import Chooser, Popup

        def taken(index: int | None) -> None:
            if index is not None:
                self._desk.doing(partial(take, offered[index][1]))

        def moved(index: int | None) -> None:
            if preview:
                preview(None if index is None else offered[index][1])

        texts, values = [choice for choice, _ in offered], [value for _, value in offered]
        here = self._desk.view if at is None else at
        begin = next((i for i, value in enumerate(values) if value == here), 0)
        chooser = Chooser(
            question,
            texts,
            self._desk.mode,
            enter=enter,
            at=begin,
            preview=moved,
            numbered=numbered,
        )
        self._desk.app.push_screen(Popup(chooser), taken)

    def ask(
        self,
        question: str,
        text: str,
        answer: Callable[[str], None],
        known: Sequence[str] = (),
        problem: str = "",
    ) -> None:
        """Ask a question; Enter gives the answer, Esc gives none.

        Where answers are parted by commas, those `known` may be completed.
        """
        from tui_reader.ui.popups import Popup, Prompt

        def answered(typed: str | None) -> None:
            if typed is None:
                return
            try:
                answer(typed)
            except TuiReaderError as error:
                # What was typed must not be lost with what could not be done.
                self.ask(question, typed, answer, known, str(error))

        self._desk.app.push_screen(
            Popup(Prompt(question, text, known, self._desk.mode, problem)), answered
        )

    def ask_command(
        self,
        question: str,
        answer: Callable[[str], None],
        *,
        earlier: Sequence[str],
        advice: str,
    ) -> None:
        """Ask for a command line; those given earlier may come back, the latest first."""
        from tui_reader.programs import on_path
        from tui_reader.ui.popups import CommandPrompt, Popup

        def answered(typed: str | None) -> None:
            if typed and typed.strip():
                self._desk.doing(partial(answer, typed.strip()))

        prompt = CommandPrompt(question, earlier, on_path(), advice, self._desk.mode)
        self._desk.app.push_screen(Popup(prompt), answered)

    def confirm(self, question: str, answer: Callable[[bool], None]) -> None:
        """Ask a question that y or n answers."""
        from tui_reader.ui.popups import Confirmation, Popup

        def answered(yes: bool | None) -> None:
            self._desk.doing(partial(answer, bool(yes)))

        self._desk.app.push_screen(Popup(Confirmation(question, "", (), self._desk.mode)), answered)

    def show_page(self, layout: PageLayout, key: str) -> None:
        """Show a page of text, which the key closes again."""
        from tui_reader.ui.pager import Pager
        from tui_reader.ui.popups import Popup

        self._desk.app.push_screen(Popup(Pager(layout, self._desk.mode, key)))
