"""Whole categories, for what arXiv's listings no longer show."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.store import Store
from tui_reader.sync.telling import Step

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

_DAY = timedelta(days=1)


def harvest(
    store: Store,
    client: "Client",
    category: str,
    first: date,
    now: Callable[[], datetime],
    report: Callable[[Step], None] = lambda step: None,
) -> int:
    """Fetch what arXiv has of a category, changed since `first`; return how many papers that is.

    It goes month by month, and after an interruption on from the month it was in. The papers come
    without an announcement, so they fill the Library and not the Inbox. Raises FetchError,
    SourceError, StoreError, Cancelled.
    """
    key, today = f"harvest {category} {first}", now().date()
    origin = f"arXiv's records of {category}"
    count, day = 0, date.fromisoformat(store.recall(key) or first.isoformat())

    def say(says: str, seconds: float = 0.0, *, stored: bool = False) -> None:
        months = (today - first).days // 31 + 1
        report(Step((day - first).days // 31, months, says, seconds, stored, count))

    client.report = lambda seconds, why: say(why, seconds)
    while day <= today:
        until = min(day + 30 * _DAY, today)
        asked = {"metadataPrefix": "arXivRaw", "set": set_of(category)}
        asked |= {"from": str(day), "until": str(until)}
        while asked:
            body = client.records(asked)
            if _NO_RECORDS.search(body):
                break
            reading = sources.read(body, origin)
            count += store.save(reading, now()).papers
            say(f"{category} until {until}: {count:,} papers", stored=True)
            token = _TOKEN.search(body)
            rest = (
                {"resumptionToken": unescape(token[1].decode("utf-8", "replace"))} if token else {}
            )
            if asked == rest:
                raise SourceError(origin, "the same part again, and no end of it")
            asked = rest
        # The last month is not over, so it is where the next harvest begins.
        store.remember(key, str(until if until == today else until + _DAY))
        day = until + _DAY
    return count


def set_of(category: str) -> str:
    """Return OAI-PMH's name of a category: `cs:cs:DC`, `physics:hep-th`."""
    archive, _, subject = category.partition(".")
    group = archive if archive in _GROUPS else "physics"
    return ":".join(filter(None, (group, archive, subject)))


_GROUPS = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_NO_RECORDS = re.compile(rb"<error\s+code=[\"']noRecordsMatch[\"']")
