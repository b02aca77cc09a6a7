"""The categories a person follows: a choice of theirs, so it is no part of the cache."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from tui_reader import calendar, taxonomy
from tui_reader.errors import ConfigError, StoreError, translated
from tui_reader.files import alone, keep_lines, own_lines

MOST_NAMED = 5
Followed = dict[str, date | None]
"""Categories, each with the first announcement that is wanted of it."""
_FIRST = date(1991, 8, 14)  # of arXiv's days


def followed(config: Path) -> Followed:
    """Return the followed categories.

    The file `categories` has a code and a date a line; a person may write it without the dates.
    Raises ConfigError where a line is none.
    """
    file = config / "categories"
    found: Followed = {}
    for number, line in enumerate(own_lines(file), 1):
        code, *since = line.partition("#")[0].split() or [""]
        try:
            if code:
                day = max(date.fromisoformat(since[0]), _FIRST) if since else None
                found[category_code(code)] = day
        except (ConfigError, ValueError) as error:
            raise ConfigError(f"{file}, line {number}: {error}") from error
    return found


def of_inbox(config: Path) -> list[str]:
    """Return the categories whose papers the Inbox shows; none where all do.

    All do while none is followed, and while the file can't be read: that is said elsewhere.
    """
    try:
        return [*followed(config)]
    except ConfigError:
        return []


def follow(config: Path, categories: Iterable[str], now: datetime) -> Followed:
    """Follow categories from the newest announcement on; return all that are followed."""
    wanted = dict.fromkeys(map(category_code, categories), calendar.latest(now))
    return _chosen(config, lambda known: known | {k: wanted[k] for k in wanted if k not in known})


def unfollow(config: Path, categories: Iterable[str]) -> Followed:
    """Follow categories no longer; what is stored of them stays."""
    gone = set(map(category_code, categories))
    return _chosen(config, lambda known: {k: v for k, v in known.items() if k not in gone})


def category_code(word: str) -> str:
    """Return the canonical code of a category or an archive, in whatever case it is typed.

    Raises ConfigError, with what comes near, when there is none.
    """
    found = taxonomy.canonical(word)
    if taxonomy.is_known(found):
        return found
    from difflib import get_close_matches

    near = get_close_matches(word, (*taxonomy.categories(), *taxonomy.archives()), 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ", such as cs.DC or math"
    raise ConfigError(f"{word!r} is not a category of arXiv{hint}")


def categories_meant(words: Sequence[str]) -> list[str]:
    """Return the categories that these are codes of, or words in the names of.

    The words are those of one name, or else each is of another. Raises ConfigError where there is
    no such category, or where there are several.
    """
    if not any(taxonomy.is_known(taxonomy.canonical(word)) for word in words):
        with suppress(ConfigError):
            return [_named(" ".join(words))]
    return [_named(word) for word in words]


def _named(words: str) -> str:
    """Return the code of the category that is called so, or that alone has these words."""
    if taxonomy.is_known(taxonomy.canonical(words)):
        return category_code(words)
    codes = taxonomy.having(words)
    if len(codes) > 1:
        named = [f"{code} ({taxonomy.name_of(code)})" for code in codes[:MOST_NAMED]]
        several = f"{', '.join(named)}{', ...' * (len(codes) > MOST_NAMED)}"
        raise ConfigError(f"{words!r} may be {several}; say which")
    return codes[0] if codes else category_code(words)


def _chosen(config: Path, choose: Callable[[Followed], Followed]) -> Followed:
    with translated(StoreError, f"{config} can't be written"), alone(config):
        chosen = choose(followed(config))
        keep_lines(
            config / "categories", [f"{k} {since or ''}".rstrip() for k, since in chosen.items()]
        )
        return chosen
