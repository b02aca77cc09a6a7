"""What stands where a view is empty, with the keys for where to go next."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from tui_reader import calendar
from tui_reader.store import Kind, Store, View

WELCOME = """\
Nothing to read yet.

{follow}\tchooses categories; what they announced last is fetched at once
{open_pane}\topens a sample, kept apart from your own papers
shell\ttui-reader import FILE reads a page you saved, such as arxiv.org/list/cs.DC/new
\ttui-reader import --star refs.bib stars what you cite: papers are ordered for you

{help} for help, {quit} to quit."""

NOTHING_CAME = """\
Nothing came yet.

{sync}\tasks arXiv again
{status}\ttells what it said last
{follow}\tchooses categories
{open_pane}\topens a sample, kept apart from your own papers

{help} for help, {quit} to quit."""

NONE_STORED = """\
No paper is stored of this.

{older_day} {newer_day}\tshow the listings before and after
{listing}\tchooses a listing"""

NO_LISTING = """\
No listing is stored, so nothing is new.

{library}\tshows all papers"""

NO_STARS = """\
No stars yet.

{star}\tstars a paper"""

ALL_READ = """\
All read.

{older_day}\tshows the newest listing
{starred}\tshows your stars
{library}\tshows everything

"""

SYNCING = "Asking arXiv; papers are shown as they come. {clear} ends it."
SEARCHING = "Searching ..."


def text(
    view: View, store: Store, following: Collection[str], now: datetime, *, syncing: bool
) -> str:
    """Return the text for an empty view that is known to be empty; keys stand by their actions."""
    match view.kind:
        case Kind.STARRED:
            return NO_STARS
        case Kind.INBOX if syncing:
            return SYNCING
        case Kind.INBOX if store.listings.days():
            return ALL_READ + _elsewhere(store, following, now)
        case Kind.INBOX if store.papers.any():
            return NO_LISTING
        case Kind.INBOX if following:
            return NOTHING_CAME
        case Kind.INBOX | Kind.LIBRARY:
            return WELCOME
    return NONE_STORED


def _elsewhere(store: Store, following: Collection[str], now: datetime) -> str:
    """Say what was done today, what is unread elsewhere, and when arXiv announces next."""
    today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Counter[str]()
    for mark, _, count in store.marked.moments(("skipped", "starred"), today.astimezone(UTC)):
        counts[mark] += count
    done = ", ".join(f"{counts[mark]:,} {mark}" for mark in sorted(counts))
    unread = len(store.contents(View(Kind.INBOX)).rows)  # of all, for those of the Inbox are read
    others = f"{unread:,} unread in categories you don't follow: press {{listing}}.\n\n"
    next_ = f"arXiv announces next on {calendar.next_in_words(now)}."
    parts = (f"Done today: {done}.\n\n" if done else "", others if following and unread else "")
    return "".join(parts) + next_
