"""The console script: nothing is imported here that a first paint could do without."""

import gc
import sys


def main() -> None:
    # Collections during start-up find nothing and cost a fifth of it; the app turns them on again.
    gc.disable()
    try:
        from tui_reader.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nothing was begun
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
