"""Tries an installed program with nothing beside it: each kind of file that it needs is read."""

import os
import pty
import subprocess
import sys
import tempfile
import termios
from importlib.metadata import files

program, home = sys.argv[1], tempfile.mkdtemp()
command = [program, "--home", home, "--sample"]

licenses = {file.name for file in files("tui-reader") or () if "licenses" in file.parts}
assert licenses == {"LICENSE", "NOTICE"}, licenses
listed = subprocess.run([*command, "list"], capture_output=True, text=True, check=True).stdout
assert "2603.00356" in listed, listed

process, terminal = pty.fork()
if not process:
    termios.tcsetwinsize(0, (24, 80))
    os.environ |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    os.execv(program, command)
shown = b""
while b"Token" not in shown:  # the end of the terminal is an OSError
    shown += os.read(terminal, 1 << 16)
os.write(terminal, b"q")
try:
    while os.read(terminal, 1 << 16):
        pass
except OSError:  # it is gone with the program
    pass
assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
print("The wheel shows the sample.")
