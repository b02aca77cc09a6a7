"""The console script: nothing is imported here that a first paint could do without."""

import gc
import sys


def main() -> None:
    # Collections during start-up find nothing and cost a fifth of it; the app turns them on again.
    gc.disable()
    try:
        _check_system()
        from tui_reader.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nothing was begun
        code = 130
    sys.exit(code)


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
