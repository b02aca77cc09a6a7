"""Folders of mails and pages: read once, and what is not of arXiv is passed over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import NOW, Cli
from tests.test_sources import ABSTRACT, HEAD, LETTER, MAIL, PAGE
from tui_reader import importing
from tui_reader.errors import SourceError
from tui_reader.importing import Imported, import_folder
from tui_reader.store import Store

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def made(**files: bytes) -> Path:
        for name, data in files.items():
            (tmp_path / "folder" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "folder" / name).write_bytes(data)
        return tmp_path / "folder"

    return made


def brought_in(store: Store, folder: Path, *, star: bool = False) -> Imported:
    return import_folder(store, folder, NOW, lambda at, count: None, star=star)


def test_a_maildir_is_read_and_a_mail_that_was_moved_or_read_is_not_read_again(
    store: Store, folder: Folder
) -> None:
    mails = folder(**{"new/1.host": HEAD + MAIL, "cur/2.host:2,S": LETTER, "tmp/3.host": b"x"})
    first = brought_in(store, mails)
    assert (first.files, first.papers, len(first.listings)) == (1, 2, 1)
    (mails / "new" / "1.host").rename(mails / "cur" / "1.host:2,RS")
    again = brought_in(store, mails)
    assert (again.files, again.papers, again.known_files) == (0, 0, 2)
    folder(**{"new/4.host": HEAD + MAIL})
    assert brought_in(store, mails).files == 1


def test_a_folder_of_pages_and_mails_is_read_and_a_changed_page_is_read_again(
    store: Store, folder: Folder
) -> None:
    pages = folder(a=PAGE, b=ABSTRACT, c=MAIL, d=b"A letter.", **{".hidden": PAGE, "sub/e": PAGE})
    done = brought_in(store, pages)
    assert (done.files, done.problems) == (3, [])
    assert brought_in(store, pages).files == 0
    (pages / "b").write_bytes(ABSTRACT + b" ")
    assert brought_in(store, pages).files == 1


def test_a_damaged_page_in_a_folder_is_named_and_the_others_are_read(
    store: Store, folder: Folder
) -> None:
    pages = folder(a=PAGE.replace(b"list-title", b"headline"), b=ABSTRACT)
    done = brought_in(store, pages, star=True)
    assert (done.files, done.ids) == (1, ["2611.00001"])
    (problem,) = done.problems
    assert problem.startswith("a: a listing page whose entries can't be read")


def test_an_interrupted_folder_is_read_on_where_it_stopped(
    store: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = folder(a=HEAD + MAIL, b=HEAD + MAIL)
    real = importing.import_file
    with monkeypatch.context() as patched:

        def interrupted(*arguments: object, **named: object) -> Imported:
            if brought:
                raise KeyboardInterrupt
            brought.append(1)
            return real(*arguments, **named)  # type: ignore[arg-type]

        brought: list[int] = []
        patched.setattr(importing, "import_file", interrupted)
        with pytest.raises(KeyboardInterrupt):
            brought_in(store, mails)
    again = brought_in(store, mails)
    assert (again.files, again.known_files) == (1, 1)


def test_a_folder_without_anything_of_arxiv_is_refused(store: Store, folder: Folder) -> None:
    with pytest.raises(SourceError, match="none of its files"):
        brought_in(store, folder(a=LETTER, b=b"\x89PNG\r\n\0\0"))


def test_importing_a_folder_says_how_much_it_held_and_what_was_known(
    cli: Cli, folder: Folder
) -> None:
    pages = folder(a=PAGE, b=LETTER)
    answer = cli("import", pages)
    assert answer.code == 0
    assert "folder: 1 file of arXiv, 1 listing" in answer.out
    assert "3 of 3 papers new" in answer.out
    assert "2 were looked at before" in cli("import", pages).out
