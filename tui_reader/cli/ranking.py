"""Commands that say what was learned from stars and skips, and how well it does."""

from collections.abc import Callable, Sequence

from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.cli.papers import read_ids
from tui_reader.model import row_of

SPANS = ((5, 9), (10, 19), (20, 49), (50, None))
"""Of how many stars were known, first and last."""


@shell.command("why", shell.IDS, shell.JSON)
def _why(options: shell.Options) -> None:
    """Say what speaks for papers, by what you starred and skipped."""
    from tui_reader import rank

    store = options.store
    taste = store.cache.taste
    profile = taste.profile()
    missing = rank.FEWEST - profile.stars
    if missing > 0:
        stars = output.counted(missing, "star is", "stars are")
        raise shell.NothingError(f"{stars} missing until papers can be ranked.")
    lines = []
    for item in store.items([row_of(id_) for id_ in read_ids(options.ids)]):
        paper = item.paper
        reasons = taste.reasons(row_of(paper.id))
        said = rank.told(reasons, paper.authors) or "nothing that your stars share"
        parts = [
            {"author" if r.author else "word": r.name, "worth": round(r.worth, 6), "stars": r.stars}
            for r in reasons
        ]
        score = round(sum(reason.worth for reason in reasons), 6)
        lines.append(Line((paper.id, said), {"id": paper.id, "score": score, "parts": parts}))
    options.write(lines)


@shell.command(
    "rank", shell.flag("--backtest", "go through your own past, as without it"), shell.JSON
)
def _rank(options: shell.Options) -> None:
    """Say how well your stars would have been found, each day by what was known before it."""
    from tui_reader import rank
    from tui_reader.rank.replay import Measured, Star, by_chance, measured, passable

    taste = options.store.cache.taste
    with shell.talk(options.paths) as talk:
        past = taste.replayed(lambda at, of: talk.show(f"Day {at:,} of {of:,}"))
    stars = past.stars
    if not stars:
        raise shell.NothingError(
            f"There is no past to go through: it takes {rank.FEWEST} stars, and after their"
            " day another on which something was starred."
        )
    orders: dict[str, Callable[[Sequence[Star]], Measured]] = {
        "for you": lambda some: measured(some, lambda star: star.place),
        "arXiv's order": lambda some: measured(some, lambda star: star.listed),
        "chance": by_chance,
    }
    lines = [Line(("stars", "known", "order", "top 10 %", "top 20 %", "top 50 %", "nDCG@20"), {})]
    for first, last in SPANS:
        some = [star for star in stars if first <= star.known <= (last or star.known)]
        for name, measure in orders.items() if some else ():
            found = measure(some)
            known = f"{first}-{last}" if last else f"{first}+"
            shown = [f"{value:.0%}" for value in found[:3]]
            data = {"stars": len(some), "known": known, "order": name} | found._asdict()
            lines.append(Line((f"{len(some)}", known, name, *shown, f"{found.ndcg:.3f}"), data))
    options.write(lines[1:] if options.json else lines)
    if not options.json and (rest := passable(past)):
        output.say(f"The last {rest.share:.0%} of a day held {rest.lost} of {rest.stars} stars.")
