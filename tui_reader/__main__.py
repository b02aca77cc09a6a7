"""The console script: the first frame, and then all else."""

import os
import sys

INTERRUPTED = 130


def main() -> None:
    # Before and after a command there is nothing to tidy up, and a traceback would say nothing.
    try:
        _check_system()
        from tui_reader.ui.terminal import first_frame

        first_frame.show(sys.argv[1:])
        import gc
        import signal

        interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if interruptible:
            signal.signal(signal.SIGINT, _leave)
    except KeyboardInterrupt:  # so early that nothing was begun
        os._exit(INTERRUPTED)
    # Collections during start-up find nothing and cost a fifth of it; the app turns them on again.
    gc.disable()
    from tui_reader.cli import run

    code = run(sys.argv[1:])
    if interruptible:
        signal.signal(signal.SIGINT, _leave)
    sys.exit(code)


def _leave(_: int, __: object) -> None:
    os._exit(INTERRUPTED)


def _check_system() -> None:
    try:
        import fcntl  # noqa: F401  without locks, two programs could spoil the marks
        import termios  # noqa: F401  what the screen is given back with
    except ImportError as error:
        sys.stderr.write(
            f"tui-reader: runs on Linux, macOS and other POSIX systems, which have {error.name}; "
            "on Windows, use it in WSL\n"
        )
        sys.exit(2)


if __name__ == "__main__":
    main()
