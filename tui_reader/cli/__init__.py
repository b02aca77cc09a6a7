"""The command line: arguments to the app, or to one headless command.

Data goes to standard output, talk to standard error. Exit codes: see `shell`.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial

from tui_reader import crash
from tui_reader.cli import output, shell
from tui_reader.config import Replacements, read
from tui_reader.errors import ConfigError, IdError, QueryError, TuiReaderError, UsageError
from tui_reader.opening import opening
from tui_reader.store import Kind, Store, View


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; return the process's exit code."""
    _mend_streams()
    options = shell.Options()
    try:
        _understand(arguments, options)
        if options.run is not _open and callable(signal.getsignal(signal.SIGINT)):
            signal.signal(signal.SIGINT, signal.default_int_handler)  # now there may be, see main
        try:
            code = options.run(options) or shell.DONE
        finally:
            options.tell_problems()
        sys.stdout.flush()
    except shell.NothingError as nothing:
        output.say(str(nothing))
        return shell.PARTLY
    except TuiReaderError as error:
        output.say(f"tui-reader: {error}")
        wrong_usage = isinstance(error, QueryError | ConfigError | IdError | UsageError)
        return shell.USAGE if wrong_usage else shell.FAILED
    except OSError as error:
        # All else that fails has an error of our own: here standard output ends, or its disk is
        # full. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return shell.DONE
        output.say(f"tui-reader: {error.filename or 'standard output'}: {error.strerror}")
        return shell.FAILED
    except KeyboardInterrupt:
        return shell.INTERRUPTED
    except Exception:
        import traceback

        crash.report(traceback.format_exc(), options.paths.state)
        return shell.FAILED
    return code


def _understand(arguments: Sequence[str], options: shell.Options) -> None:
    options.run = _open
    if said := opening(list(arguments)):
        options.__dict__.update(said)
    else:
        from tui_reader.cli.parsing import parse

        parse(arguments, options)


def _mend_streams() -> None:
    """Make the standard streams fit for anything: a closed one, a locale without Unicode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _open(options: shell.Options) -> int:
    from tui_reader.ui.terminal.usable import unusable

    if why := unusable():
        raise UsageError(why)
    from tui_reader.ui import spared
    from tui_reader.ui.terminal import first_frame

    spared.load_textual()
    from tui_reader.ui.app import ReaderApp
    from tui_reader.ui.terminal import guard

    paths = options.paths

    def opened(kind: type[ReaderApp], open_store: Callable[[Replacements], Store]) -> ReaderApp:
        settings = read(paths.config)
        store = open_store(settings.config.replacements)
        view = View(Kind.INBOX)
        # There is none where the cache went while it was read.
        if options.sample and (days := store.listings.days()):
            view = View(Kind.LISTING, days[0].category, days[0].announced)
        # A slip in a file is no reason not to read: the app says it, and goes on without.
        here = f"{paths.config}{os.sep}"
        config = settings.config._replace(ascii=options.ascii or settings.config.ascii)
        if options.sample:  # it is to be read, and asks nobody for more
            config = config._replace(sync=False)
        app = kind(store, view, config)
        app.main.problems += [problem.removeprefix(here) for problem in settings.problems]
        return app

    try:
        app = opened(ReaderApp, options.open_store)
    except BaseException:
        first_frame.give_back()
        raise
    code = guard.run(app, paths.state)
    if code == shell.DONE:
        app.store.tidy(shell.now())
        app.store.close()
        from tui_reader.ui import leaving

        if app.main.config.first_frame and not app.main.config.accessible:
            again = partial(opened, open_store=partial(Store, paths))
            leaving.keep_frame(paths, again, said={"ascii": options.ascii})
        else:
            leaving.forget_frame(paths)
    return code
