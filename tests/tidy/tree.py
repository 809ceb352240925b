# tests/tidy/tree.py: the project's files as the checks see them. A check is a function from a Tree (and, where it needs them, from what
# the program says of itself) to a list of complaints, "path:line: what is wrong and what to do"; self_test.py gives it a small
# made-up tree instead, to see that it can complain.
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

# Build products and what version control and caches keep are nobody's text.
SKIPPED = {"build", ".git", "__pycache__", ".cache"}


@dataclass
class Cause:
    id: str
    path: str
    data: dict


class Tree:
    def __init__(self, root):
        self.root = Path(root)

    def files(self, *patterns):
        """Paths relative to the root, sorted, that match one of the patterns ("src/**/*.cc")."""
        found = {path.relative_to(self.root) for pattern in patterns for path in self.root.glob(pattern) if path.is_file()}
        return sorted(path.as_posix() for path in found if not SKIPPED.intersection(path.parts))

    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def has(self, path):
        return (self.root / path).is_file()

    def causes(self):
        """The catalogue's causes; a file that is no TOML is the compiler's business, and its cause is empty here."""
        causes = []
        for path in self.files("catalogue/*/*.toml"):
            try:
                data = tomllib.loads(self.text(path))
            except tomllib.TOMLDecodeError:
                data = {}
            family, name = path.removesuffix(".toml").split("/")[1:]
            causes.append(Cause(f"{family}.{name}", path, data))
        return causes


def line_of(text, position):
    return text.count("\n", 0, position) + 1


# What C++ source consists of, as far as comments and literals go. The order counts: a comment mark within a literal is text.
_LEXEMES = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>R"(?P<mark>[^\s()\\]{0,16})\((?P<body>.*?)\)(?P=mark)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<character>'(?:\\[^\n']{1,8}|\\'|[^'\\\n])')", re.DOTALL)


def literals(source):
    """(line, text) of every string literal of a C++ source, comments left out."""
    for found in _LEXEMES.finditer(source):
        if found["string"]:
            yield line_of(source, found.start()), found["string"][1:-1]
        elif found["raw"]:
            yield line_of(source, found.start()), found["body"]
