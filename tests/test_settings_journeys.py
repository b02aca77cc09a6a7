"""Settings as a researcher meets them: keys of one's own, colours, rows, panes, and slips."""

from tests.driver import INBOX, Reader, walk
from tui_reader.config import Config
from tui_reader.store import Store


def test_my_own_keys_are_used_and_named_everywhere(sample: Store) -> None:
    keys = {"star": ("S", "g s"), "help": ("F2",), "palette": ("Ctrl-o",)}

    async def journey(reader: Reader) -> None:
        assert "S star" in reader.footer
        await reader.press("s")
        assert reader.footer == "s does nothing here. F2 shows the keys."
        await reader.press("g", "s")
        assert "★ 1" in reader.lines[0]
        await reader.press("F2")
        assert "S, g s" in reader.screen
        await reader.press("F2", "Ctrl-o")
        await reader.type("unstar")
        assert "S, g s" in reader.lines[1]

    walk(sample, journey, config=Config(keys=keys))


def test_a_screen_that_names_keys_names_mine(store: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert "Press F to choose a category" in reader.screen

    walk(store, journey, INBOX, config=Config(keys={"follow": ("F",)}))


def test_a_slip_in_the_settings_is_said_and_costs_no_reading(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert reader.footer == "config.toml, line 3: no."
        await reader.press("j")
        assert reader.footer.startswith("s star")

    walk(sample, journey, problems=["config.toml, line 3: no."])
