"""Parts of a paper's text, laid out in lines: display formulas in two dimensions."""
