"""tui-reader: keep up with arXiv from the terminal."""
