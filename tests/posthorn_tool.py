# tests/posthorn_tool.py: runs the program under test, whose path is in POSTHORN, the way a person or another program would.
# Every run has an environment and a configuration of its own, so that nothing on the machine (its locale, its posthorn.toml, its
# catalogue.d) can change a result, and the tests can run beside each other.
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT = 120
COMMANDS = ("serve", "send", "queue", "spool", "explain", "codes", "catalogue", "config", "completion", "help", "version")
SANITIZED = bool(os.environ.get("POSTHORN_SANITIZE"))

_scratch = Path(tempfile.mkdtemp(prefix="posthorn-test-"))
atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
_bare_config = _scratch / "posthorn.toml"
_bare_config.write_text('[catalogue]\ndirectory = ""\n')


def program():
    path = os.environ.get("POSTHORN")
    if not path:
        sys.exit("set POSTHORN to the path of the posthorn binary")
    return path


def environment(**more):
    """C locale, no colour wishes. A value of None takes a variable away."""
    base = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(_scratch), "LC_ALL": "C", "TERM": "xterm"}
    base.update({name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")})
    base.update(more)
    return {name: value for name, value in base.items() if value is not None}


def command_line(*words, config=None):
    """The words behind `posthorn`; a command gets a configuration without a catalogue directory unless `config` names one."""
    words = [str(word) for word in words]
    if words and words[0] in COMMANDS:
        words[1:1] = ["--config", str(config or _bare_config)]
    return [program(), *words]


class Run:
    """What a finished run left: exit status, output and errors, as bytes and as text."""

    def __init__(self, done):
        self.status = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode("utf-8")
        self.err = done.stderr.decode("utf-8", "replace")

    def lines(self):
        return self.out.splitlines()

    def objects(self):
        return [json.loads(line) for line in self.lines()]


def run(*words, stdin=b"", env=None, config=None, cwd=None):
    if isinstance(stdin, str):
        stdin = stdin.encode()
    return Run(subprocess.run(command_line(*words, config=config), input=stdin, capture_output=True, env=environment(**(env or {})),
                              cwd=cwd or _scratch, timeout=TIMEOUT, check=False))


def explain(text, *options, **more):
    """The one JSON object that explains `text`, given on standard input."""
    done = run("explain", "--json", *options, stdin=text, **more)
    objects = done.objects()
    assert len(objects) == 1, f"{len(objects)} explanations of {text!r}: {done.err}"
    return objects[0]


def batch(requests):
    done = run("explain", "--batch", stdin="".join(json.dumps(request, ensure_ascii=False) + "\n" for request in requests))
    return done, done.objects()


def columns(line):
    """The width of a line on a terminal: wide characters take two columns, combining ones none."""
    width = 0
    for character in line:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        width += 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
    return width


def has_chinese(text):
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def tsv_rows(path):
    """The rows of a tab-separated table as dictionaries; its first line that is no comment names the columns."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    names = lines[0].split("\t")
    rows = []
    for line in lines[1:]:
        cells = line.split("\t")
        assert len(cells) == len(names), f"{path.name}: {len(cells)} cells instead of {len(names)}: {line}"
        rows.append(dict(zip(names, cells)))
    return rows
