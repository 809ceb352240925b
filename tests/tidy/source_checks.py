# tests/tidy/source_checks.py: how sources are written: a head that says what lives there, only the rooms that were declared, replies
# in the catalogue and nowhere else, nothing left for later.
import re

from tree import line_of, literals

SOURCES = ("src/**/*.cc", "src/**/*.h", "tools/**/*.cc", "tools/**/*.h")
TEXTS = ("*.md", "*.txt", "Makefile", "CMakePresets.json", "*/**/*.cc", "*/**/*.h", "*/**/*.py", "*/**/*.cmake", "*/**/CMakeLists.txt", "*/**/*.md",
         "*/**/*.toml", "*/**/*.tsv", "*/**/*.in", "*/**/*.sh", "man/**/*.[1-8]", "tools/*")
TESTS = re.compile(r"(_(test|fuzz)\.(cc|h)|/test_\w+\.h)$")
# Folders of src/ that are no rooms: the library's C interface is a face over rooms, with a target of its own.
FACES = {"library"}
REPLY = re.compile(r"[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}(?!\d)")
LEFT = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")  # written apart: this file is looked at too


def heads_say_the_file(tree):
    complaints = []
    for path in tree.files(*SOURCES):
        name = path.removeprefix("src/")
        if not re.match(rf"// {re.escape(name)}: \S", tree.text(path)):
            complaints.append(f"{path}:1: the first line must be '// {name}: what lives here'")
    return complaints


def replies_are_declared(tree):
    """A reply of ours is a [[reply]] of the catalogue; one that is typed where it is sent has no cause, no document and no test."""
    return [f"{path}:{line}: the reply \"{text}\" is typed here; declare it as a [[reply]] in catalogue/"
            for path in tree.files("src/**/*.cc", "src/**/*.h") if not TESTS.search(path)
            for line, text in literals(tree.text(path)) if REPLY.match(text)]


def declared_rooms(cmake):
    """Each room with the rooms whose headers it may include: itself, those it depends on, and what they need."""
    direct = {}
    for room, rest in re.findall(r"^\s*posthorn_room\((\w+)([^)]*)\)", cmake, re.MULTILINE):
        depends = re.search(r"\bDEPENDS((?:\s+(?!LIBRARIES\b)\w+)*)", rest)
        direct[room] = set(depends[1].split()) if depends else set()
    direct.setdefault("catalogue", {"status"})  # its library is made by cmake/catalogue.cmake

    def reach(room, seen):
        for other in direct.get(room, set()) - seen:
            seen.add(other)
            reach(other, seen)
        return seen

    return {room: reach(room, {room}) for room in direct}


def rooms_include_what_they_declare(tree):
    allowed = declared_rooms(tree.text("CMakeLists.txt"))
    folders = {path.split("/")[1] for path in tree.files("src/*/*", "src/*/**/*")}
    complaints = []
    for path in tree.files("src/*/*.cc", "src/*/*.h", "src/*/**/*.cc", "src/*/**/*.h"):
        room = path.split("/")[1]
        if room not in allowed:
            if room in FACES:
                continue
            complaints.append(f"{path}:1: CMakeLists.txt has no posthorn_room({room} …)")
            continue
        source = tree.text(path)
        for include in re.finditer(r'^\s*#\s*include\s*["<](\w+)/[^">]*[">]', source, re.MULTILINE):
            if include[1] in folders and include[1] not in allowed[room]:
                complaints.append(f"{path}:{line_of(source, include.start())}: room {room} does not declare room {include[1]}; "
                                  "add it to DEPENDS in CMakeLists.txt if it lies below, else do without")
    return complaints


def nothing_is_left_for_later(tree):
    complaints = []
    for path in tree.files(*TEXTS):
        text = tree.text(path)
        complaints += [f"{path}:{line_of(text, found.start())}: {found[0]} is left; do it, or write an issue" for found in LEFT.finditer(text)]
    return complaints
