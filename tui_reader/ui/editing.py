"""One line of text being typed: what each key makes of it, as in a shell."""

from typing import NamedTuple


class Typed(NamedTuple):
    """A line, and where in it the next character goes."""

    text: str = ""
    at: int = 0

    @classmethod
    def of(cls, text: str) -> "Typed":
        """Return the text with the cursor at its end."""
        return cls(text, len(text))

    def inserted(self, text: str) -> "Typed":
        return Typed(self.text[: self.at] + text + self.text[self.at :], self.at + len(text))

    def key(self, name: str, character: str | None) -> "Typed | None":
        """Return the line after a key, or None where the key does not edit lines."""
        text, at = self
        match name:
            case "Left" | "Ctrl-b":
                return Typed(text, max(0, at - 1))
            case "Right" | "Ctrl-f":
                return Typed(text, min(len(text), at + 1))
            case "Home" | "Ctrl-a":
                return Typed(text, 0)
            case "End" | "Ctrl-e":
                return Typed.of(text)
            case "Backspace":
                return Typed(text[: max(0, at - 1)] + text[at:], max(0, at - 1))
            case "Delete" | "Ctrl-d":
                return Typed(text[:at] + text[at + 1 :], at)
            case "Ctrl-u":
                return Typed(text[at:], 0)
            case "Ctrl-k":
                return Typed(text[:at], at)
            case "Ctrl-w":
                kept, space, _ = text[:at].rstrip().rpartition(" ")
                return Typed(kept + space + text[at:], len(kept + space))
        return self.inserted(character) if character else None
