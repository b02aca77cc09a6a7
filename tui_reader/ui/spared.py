"""What a start is spared of Textual and Python: a sixth of it.

Textual's command palette, with the widgets that it is made of, is loaded by no app that has none.
asyncio loads `ssl` for connections that are made much later, if ever.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_NEVER_USED = "textual.command"
_USED_LATER = ("ssl", "asyncio.sslproto")


class _Empty(ModuleType):
    """Has a class of whatever name is imported from it; nobody makes anything of them."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class _Late(ModuleType):
    """A module that is loaded when the first of its names is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # so the import system looks at what is loaded already
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def load_textual() -> None:
    """Load Textual's app without what is never used, or used later."""
    if "textual.app" in sys.modules:
        return
    for name in _USED_LATER:
        sys.modules.setdefault(name, _Late(name))
    sys.modules[_NEVER_USED] = _Empty(_NEVER_USED)
    try:
        import_module("textual.app")
    except Exception:  # it does need it, in a version that we don't know: all of it, then
        for name in [name for name in sys.modules if name.startswith("textual")]:
            del sys.modules[name]
        import_module("textual.app")
    else:
        del sys.modules[_NEVER_USED]
