# tests/tidy/manual_checks.py: what the program can do stands in the manual, in English and in Chinese: replies, parameters, commands,
# options, log records, JSON fields, exit statuses. The pages are read as source, so that no formatter is needed; those that the build
# writes from declarations are written here too, and compared with the declarations.
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tree import literals

LANGUAGES = {"en": "man/en", "zh": "man/zh_CN"}
EXIT_HEADING = re.compile(r"EXIT STATUS|退出|返回")
JSON_HEADING = re.compile(r"JSON")


def plain(source):
    """A page without the marks of man(7) and mdoc(7) that would come between the letters of a name."""
    source = re.sub(r'\\"[^\n]*', "", source)
    source = re.sub(r"\\f(?:\[\w*\]|\(\w\w|\w)", "", source)
    source = source.replace("\\-", "-").replace("\\(hy", "-").replace("\\_", "_").replace("\\(aq", "'").replace("\\(dq", '"')
    source = source.replace("\\&", "").replace("\\:", "").replace("\\e", "\\")
    return re.sub(r"(?<![\w-])(?:Fl )+(?=[\w-])", "-", source)  # `Fl Fl lang` and `Fl -lang` are --lang


def sections(page):
    """(heading, text) of each section of a page."""
    pieces = re.split(r'(?m)^\.S[hH]\s+"?(.*?)"?\s*$', page)
    return list(zip(pieces[1::2], pieces[2::2]))


def has_word(text, word):
    """Whether the word stands there as a whole; dots, dashes and underscores belong to words."""
    return re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-]|\.\w)", text, re.ASCII) is not None


def has_option(text, name):
    return re.search(rf"(?<!\w)-{{1,2}}{re.escape(name)}(?![\w-])", text, re.ASCII) is not None


class Manual:
    """The pages of one language, by name with section: "posthorn-explain.1"."""

    def __init__(self, tree, folder):
        self.folder = folder
        self.pages = {}
        for path in tree.files(f"{folder}/*.[1-8]", f"{folder}/**/*.[1-8]"):
            name = path.rsplit("/", 1)[1]
            self.pages[name] = plain(tree.text(path))

    def page(self, *names):
        """The first of the pages that there is: its name and text."""
        for name in names:
            if name in self.pages:
                return name, self.pages[name]
        return names[-1], ""

    def parts(self, heading, prefix="posthorn"):
        return "\n".join(text for name, page in self.pages.items() if name.startswith(prefix)
                         for title, text in sections(page) if heading.search(title))


def manuals(tree):
    return [Manual(tree, folder) for folder in LANGUAGES.values()]


def missing(manual, page, kind, names, text, test=has_word):
    return [f"{manual.folder}/{page}: {kind} {name} is not there; describe it" for name in names if not test(text, name)]


def pages_exist_in_both_languages(tree):
    english, chinese = manuals(tree)
    complaints = [f"{manual.folder}: there is no page at all" for manual in (english, chinese) if not manual.pages]
    complaints += [f"{chinese.folder}/{name}: is missing; {english.folder} has it" for name in english.pages if name not in chinese.pages]
    complaints += [f"{english.folder}/{name}: is missing; {chinese.folder} has it" for name in chinese.pages if name not in english.pages]
    complaints += [f"{chinese.folder}/{name}: has no Chinese in it" for name, text in chinese.pages.items() if not re.search("[\u4e00-\u9fff]", text)]
    return complaints


def commands_are_described(tree, commands):
    complaints = []
    for manual in manuals(tree):
        page, text = manual.page("posthorn.1")
        complaints += missing(manual, page, "the command", commands, text)
    return complaints


def options_are_described(tree, options):
    """`options`: the long options of each command. They belong on the command's own page, if it has one."""
    complaints = []
    for manual in manuals(tree):
        for command, names in options.items():
            page, text = manual.page(f"posthorn-{command}.1", "posthorn.1")
            _, common = manual.page("posthorn.1")
            complaints += missing(manual, page, f"{command}'s option", [f"--{name}" for name in names], text + common,
                                  lambda where, name: has_option(where, name.lstrip("-")))
    return complaints


def subcommands_are_described(tree, subcommands):
    complaints = []
    for manual in manuals(tree):
        for command, words in subcommands.items():
            page, text = manual.page(f"posthorn-{command}.1", "posthorn.1")
            complaints += missing(manual, page, f"{command}'s subcommand", words, text)
    return complaints


def parameters_are_described(tree, pages, parameters):
    """`pages`: posthorn.toml.5 by language folder; `parameters`: as the program declares them. Name, text and default stand in the page."""
    complaints = []
    for language, folder in LANGUAGES.items():
        text = " ".join(plain(pages[folder]).split())
        for parameter in parameters:
            doc = " ".join(parameter[language].replace("`", "").split())
            default = json.dumps(parameter["default"], ensure_ascii=False)
            entry = text.find(doc)
            if not has_word(text, parameter["name"]) or entry < 0 or default not in text[entry:entry + len(doc) + 400]:
                complaints.append(f"{folder}/posthorn.toml.5: the parameter {parameter['name']} is not there as declared; see tools/manpages.py")
        if language == "zh" and not re.search("[\u4e00-\u9fff]", text):
            complaints.append(f"{folder}/posthorn.toml.5: has no Chinese in it")
    return complaints


# Where records are written to the log, and the heads of their names.
LOGGING = ("src/app/**/*.cc", "src/server/**/*.cc", "src/policy/**/*.cc", "src/queue/**/*.cc", "src/deliver/**/*.cc", "src/spool/**/*.cc")
EVENT = re.compile(r"(?:server|smtp|policy|queue|spool)\.[a-z_]+")


def log_records_are_described(tree, parameters):
    """`parameters`: their names, which look like those of records."""
    events = {text for path in tree.files(*LOGGING) if not path.endswith(("_test.cc", "_fuzz.cc"))
              for _, text in literals(tree.text(path)) if EVENT.fullmatch(text)} - set(parameters)
    if not events:
        return ["src/server: no log record found; this check does not know how they are written now"]
    complaints = []
    for manual in manuals(tree):
        page, text = manual.page("posthorn-serve.1")
        complaints += missing(manual, page, "the log record", sorted(events), text)
    return complaints


def json_fields_are_described(tree, fields):
    complaints = []
    for manual in manuals(tree):
        text = manual.parts(JSON_HEADING)
        if not text:
            complaints.append(f"{manual.folder}: no page has a section with JSON in its heading")
        complaints += missing(manual, "posthorn-*.1", "in the sections on JSON, the field", fields, text)
    return complaints


def exit_statuses_are_described(tree, statuses):
    complaints = []
    for manual in manuals(tree):
        text = manual.parts(EXIT_HEADING)
        if not text:
            complaints.append(f"{manual.folder}: no page has a section on the exit status")
        complaints += missing(manual, "posthorn.1", "in the sections on the exit status, status", [str(status) for status in statuses], text)
    return complaints


def exit_statuses(tree):
    source = tree.text("src/app/exit_status.h")
    return [int(value) for value in re.findall(r"^\s*\w+ = (\d+),", source, re.MULTILINE)]


def queue_fields(tree):
    """The JSON fields of `posthorn queue`, which nothing but a running server would show."""
    source = re.sub(r"(?ms)^std::string status_json.*?^}$", "", tree.text("src/server/control.cc"))
    return sorted(set(re.findall(r'\.(?:key|field|count|flag)\("(\w+)"', source)))


def generated_pages(tree, parameters):
    """What tools/manpages.py writes of `parameters`, the output of `posthorn config show --json`: sources by page, then by language folder."""
    folders = list(LANGUAGES.values())
    with tempfile.TemporaryDirectory() as out:
        declared = Path(out) / "parameters.json"
        declared.write_text(parameters, encoding="utf-8")
        places = [f"{out}/{folder}" for folder in folders]
        subprocess.run([sys.executable, "-B", str(tree.root / "tools/manpages.py"), str(declared), *places], check=True, timeout=120)
        return {page: {folder: (Path(place) / page).read_text(encoding="utf-8") for folder, place in zip(folders, places)}
                for page in ("posthorn-replies.7", "posthorn.toml.5")}


def replies_are_described(tree, pages):
    """`pages`: posthorn-replies.7 by language folder. Name, code and cause of every reply stand there."""
    complaints = []
    for folder, source in pages.items():
        text = plain(source)
        if folder == LANGUAGES["zh"] and not re.search("[\u4e00-\u9fff]", text):
            complaints.append(f"{folder}/posthorn-replies.7: has no Chinese in it")
        for cause in tree.causes():
            for reply in cause.data.get("reply", []):
                words = [reply.get("name", ""), " ".join(reply.get("line", "").split()[:2]), cause.id]
                if not all(has_word(text, word) for word in words):
                    complaints.append(f"{folder}/posthorn-replies.7: the reply {reply.get('name')} of {cause.id} is not there as declared; "
                                      "see tools/manpages.py")
    return complaints


def help_names_pages_that_exist(tree, names):
    """`names`: the pages to which `posthorn help COMMAND` points."""
    return [f"{manual.folder}/{name}.1: is missing, though the help points to it"
            for manual in manuals(tree) for name in names if f"{name}.1" not in manual.pages]
