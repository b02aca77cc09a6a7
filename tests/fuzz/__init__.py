"""Fuzzing: what must hold for any bytes at all.

A target is a module `fuzz_NAME` with a function `check(data: bytes)`, which raises where
something does not hold, and perhaps a table `SEEDS` to begin with. `python -m tests.fuzz NAME
[SECONDS]` runs it under atheris and keeps the inputs that reach new code, a small choice of them,
as one line each in `corpus/NAME.txt`; the tests run all of those again, without atheris.
"""
