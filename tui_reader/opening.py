"""The arguments that open the reader, told apart before anything is loaded."""


def opening(arguments: list[str]) -> dict[str, object] | None:
    """Return what the arguments say of how the reader is to open; None: they say other things."""
    said: dict[str, object] = {"home": None, "sample": False, "ascii": False}
    given = iter(arguments)
    for argument in given:
        name, equals, value = argument.partition("=")
        if name == "--home":
            said["home"] = value if equals else next(given, "")
            if not said["home"] or (not equals and str(said["home"]).startswith("-")):
                return None
        elif argument in ("--sample", "--ascii"):
            said[argument[2:]] = True
        else:
            return None
    return said
