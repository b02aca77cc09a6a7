"""The one package that talks to arXiv, and how politely: one connection, pauses, bounds."""

from tui_reader.fetch.client import PDF, TEXT, Bounds, Client, Hosts, retry_after, user_agent

__all__ = ["PDF", "TEXT", "Bounds", "Client", "Hosts", "retry_after", "user_agent"]
