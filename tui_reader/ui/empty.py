"""What stands where a view is empty, with the keys for where to go next."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from tui_reader import calendar
from tui_reader.store import Kind, Store, View

WELCOME = """\
Nothing to read yet.

{follow}  chooses categories of arXiv; what they announced last is fetched at once.

{open_pane}  opens a real listing as a sample, kept apart from your own papers.

To read a page you saved from arXiv, such as arxiv.org/list/cs.DC/new:
  tui-reader import FILE

{help} for help, {quit} to quit."""

NOTHING_CAME = """\
Nothing is stored yet.

Press {sync} to ask arXiv, {status} for what it said last, {follow} to choose categories."""

NO_PAPER = """\
No paper is stored of this.

{older_day} and {newer_day} show the listings before and after, {listing} chooses one."""

NO_LISTING = """\
No listing is stored, so nothing is new.

Press {library} for all papers."""

NO_STARS = """\
No stars yet.

Press {star} on a paper to star it."""

ALL_READ = """\
All read.

Press {older_day} for the newest listing, {starred} for your stars, {library} for everything.

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
    return NO_PAPER


def _elsewhere(store: Store, following: Collection[str], now: datetime) -> str:
    """Say what was done today, what is unread elsewhere, and when arXiv announces next."""
    today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Counter[str]()
    for field, _, count in store.marked.moments(("skipped", "starred"), today.astimezone(UTC)):
        counts[field] += count
    done = ", ".join(f"{counts[field]:,} {field}" for field in sorted(counts))
    unread = len(store.contents(View(Kind.INBOX)).rows)  # of all, for those of the Inbox are read
    others = f"{unread:,} unread in categories you don't follow: press {{listing}}.\n\n"
    next_ = f"arXiv announces next on {calendar.next_in_words(now)}."
    parts = (f"Done today: {done}.\n\n" if done else "", others if following and unread else "")
    return "".join(parts) + next_
