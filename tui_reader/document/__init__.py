"""A paper's text as values, and how they are laid out in lines of text."""
