"""What stands where a view is empty, with the keys for where to go next."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from tui_reader import calendar
from tui_reader.model import News
from tui_reader.store import Kind, Store, View
from tui_reader.ui.row_text import NEWS

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
            return ALL_READ + _at_the_end(store, following, now)
        case Kind.INBOX if store.papers.any():
            return NO_LISTING
        case Kind.INBOX if following:
            return NOTHING_CAME
        case Kind.INBOX | Kind.LIBRARY:
            return WELCOME
    return NONE_STORED


def _at_the_end(store: Store, following: Collection[str], now: datetime) -> str:
    """Say what was done, what became of stars, what is elsewhere, and when arXiv announces next."""
    today = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Counter[str]()
    for mark, _, count in store.marked.moments(("skipped", "starred"), today.astimezone(UTC)):
        counts[mark] += count
    done = ", ".join(f"{counts[mark]:,} {mark}" for mark in sorted(counts))
    muted = store.count_muted([*following])
    unread = len(store.contents(View(Kind.INBOX)).rows)  # of all, for those of the Inbox are read
    told = (
        f"Done today: {done}." if done else "",
        _of_stars(store),
        f"{muted:,} muted: is:muted in {{library}} shows them." if muted else "",
        f"{unread:,} unread in categories you don't follow: press {{listing}}."
        if following and unread
        else "",
        f"arXiv announces next on {calendar.next_in_words(now)}.",
    )
    return "\n\n".join(filter(None, told))


def _of_stars(store: Store) -> str:
    """Say what became of starred papers that the person did not see yet."""
    counts = Counter(said for news in store.cache.news.all() for said in {NEWS[n] for n in news})
    told = ", ".join(
        f"{counts[said]:,} {said}{'s' * (said == NEWS[News.VERSION] and counts[said] > 1)}"
        for said in dict.fromkeys(NEWS.values())
        if counts[said]
    )
    return f"Of your stars: {told}; is:updated in {{starred}} shows them." if told else ""
