"""tui-reader: keep up with arXiv from the terminal."""

__version__ = "0.2.0"
