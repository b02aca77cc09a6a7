"""Keep the store abreast of arXiv: what is due, fetching and storing it, an outcome a category."""

# How a sync decides. The ledger in the store knows, for each followed category and each day that
# an announcement can be dated (`calendar`), what is stored of it and what asking for it came to,
# as a code (`states`).
#
# `plan` looks at the ledger alone: a day is due until it is complete, as far back as arXiv shows
# it (90 days). Complete means proved: a listing page counts its entries, and all of them were
# read. After a try that did not complete a day, the waits between tries grow.
#
# `run` asks for what is due, the newest day first, one request at a time (`fetch` keeps the
# pauses). First papers come from one feed of all categories; feeds carry no counts, so they prove
# nothing, and the pages complete them. What failed is asked for last, and a run ends when a second
# category fails, so that one starves no other and arXiv in trouble is left alone.
#
# `asking` gets one listing, and `intake` doubts it before it is believed: the papers of the day
# before under a new date, counts without entries, silence where there never is any, are signs
# that arXiv's databases are behind. Absence is never proof on one reading: the store holds back a
# listing that shows nothing, or less than it has, until a second one, an hour or more later,
# agrees. What is stored is recorded at once, so that a run can end at any point.
#
# `wording` says how things stand without asking; `telling` is what a run tells on its way and at
# its end. `harvest` is for whole categories, `records` for single papers, without announcements.

from tui_reader.sync.harvest import harvest
from tui_reader.sync.plan import (
    MOST_TRIES,
    Standing,
    Standings,
    due_at,
    next_due,
    plan,
    standings,
    state_of,
)
from tui_reader.sync.records import fetch_records
from tui_reader.sync.run import run
from tui_reader.sync.states import DayState
from tui_reader.sync.telling import Outcome, Step, summary
from tui_reader.sync.wording import LEGEND, asked_again, last_trouble, next_step, standing, weeks

__all__ = [
    "LEGEND", "MOST_TRIES", "DayState", "Outcome", "Standing", "Standings", "Step", "asked_again",
    "due_at", "fetch_records", "harvest", "last_trouble", "next_due", "next_step", "plan", "run",
    "standing", "standings", "state_of", "summary", "weeks",
]  # fmt: skip
