# tests/tidy/docs_checks.py: decisions name the libraries we depend on, and English is spelt as codespell knows it.
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

LIBRARIES = "cmake/libraries.cmake"


def plain(text):
    """One spelling for "toml++" and "tomlplusplus", "Boost.PFR" and "boost/pfr", "tl::expected" and "tl/expected"."""
    text = text.lower().replace("++", "plusplus")
    return re.sub(r"(?<=\w)(::|[./])(?=\w)", "", text)


def libraries(cmake):
    names = [module.removeprefix("lib") for _, module in re.findall(r"^\s*ph_pkg\((\w+)\s+([\w.+-]+)\)", cmake, re.MULTILINE)]
    names += [header.rsplit(".", 1)[0] for header in re.findall(r"^\s*find_path\(\w+\s+([\w/.+-]+)", cmake, re.MULTILINE)]
    names += [package for package in re.findall(r"^\s*find_package\((\w+)", cmake, re.MULTILINE) if package != "PkgConfig"]
    return names


def decisions_name_the_libraries(tree):
    names = libraries(tree.text(LIBRARIES))
    if not names:
        return [f"{LIBRARIES}:1: no library found; this check does not know how libraries are written now"]
    decisions = plain("\n".join(tree.text(path) for path in tree.files("docs/decisions/*.md")))
    words = set(re.findall(r"[\w-]+", decisions))
    return [f"{LIBRARIES}:1: docs/decisions says nothing about {name}; write down why it was chosen and what was not"
            for name in names if plain(name) not in words]


def english_is_spelt(tree):
    """docs, the English manual, and the English texts of the catalogue."""
    if shutil.which("codespell") is None:
        return ["codespell is not installed; `tools/need-packages test` installs it"]
    paths = [path for path in tree.files("*.md", "docs/**/*.md", "man/en/**/*", "catalogue/*.md") if not re.search(r"zh|CN", path)]
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts"
        lines = []
        for cause in tree.causes():
            for part, text in cause.data.get("en", {}).items():
                lines.append((f"{cause.path}: [en] {part}", " ".join(text.split())))
        texts.write_text("".join(f"{text}\n" for _, text in lines), encoding="utf-8")
        ignored = tree.root / "tests/tidy/codespell-words.txt"
        options = ["--ignore-words", str(ignored)] if ignored.is_file() else []
        done = subprocess.run(["codespell", *options, str(texts), *paths], cwd=tree.root, capture_output=True, text=True, timeout=300, check=False)
    complaints = []
    for line in done.stdout.splitlines():
        inside = re.match(re.escape(str(texts)) + r":(\d+): (.*)", line)
        complaints.append(f"{lines[int(inside[1]) - 1][0]}: {inside[2]}" if inside else line)
    if done.returncode != 0 and not complaints:
        complaints.append(f"codespell failed: {done.stderr.strip()}")
    return complaints
