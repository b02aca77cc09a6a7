"""The one package that talks to arXiv, and how politely: one connection, pauses, bounds."""

from tui_reader.fetch.client import (
    PDF,
    PICTURE,
    TEXT,
    Bounds,
    Client,
    Hosts,
    retry_after,
    user_agent,
)
from tui_reader.fetch.turns import PAUSES

__all__ = [
    "PAUSES",
    "PDF",
    "PICTURE",
    "TEXT",
    "Bounds",
    "Client",
    "Hosts",
    "retry_after",
    "user_agent",
]
