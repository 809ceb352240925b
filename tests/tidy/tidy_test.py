# tests/tidy/tidy_test.py: the checks of this folder over the whole project: what is declared once has its documents, its tests and its
# use. ctest runs each class by itself; a complaint names the file and says what to do.
import re
import unittest

import catalogue_checks
import docs_checks
import manual_checks
import source_checks
from posthorn_tool import ROOT, run
from tree import Tree

TREE = Tree(ROOT)
UNKNOWN = "550 5.1.1 <ann@example.com>: User unknown"
BLOCKED = "450 4.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org, try again in 5 minutes"


class Tidy(unittest.TestCase):
    def assert_tidy(self, complaints):
        if complaints:
            self.fail(f"{len(complaints)} complaints\n" + "\n".join(complaints))


class Catalogue(Tidy):
    def test_causes_are_whole(self):
        self.assert_tidy(catalogue_checks.causes_are_whole(TREE))

    def test_the_compiler_tries_every_example(self):
        self.assert_tidy(catalogue_checks.compiler_tries_every_example(TREE))

    def test_the_program_holds_the_catalogue(self):
        held = {entry["id"]: entry["examples"] for entry in run("catalogue", "list", "--json").objects()}
        self.assert_tidy(catalogue_checks.program_holds_the_catalogue(TREE, held))

    def test_situations_have_causes(self):
        self.assert_tidy(catalogue_checks.situations_have_causes(TREE))

    def test_server_situations_have_replies(self):
        self.assert_tidy(catalogue_checks.server_situations_have_replies(TREE))

    def test_reasons_have_causes(self):
        self.assert_tidy(catalogue_checks.reasons_have_causes(TREE))


class Source(Tidy):
    def test_heads_say_the_file(self):
        self.assert_tidy(source_checks.heads_say_the_file(TREE))

    def test_replies_are_declared(self):
        self.assert_tidy(source_checks.replies_are_declared(TREE))

    def test_rooms_include_what_they_declare(self):
        self.assert_tidy(source_checks.rooms_include_what_they_declare(TREE))

    def test_nothing_is_left_for_later(self):
        self.assert_tidy(source_checks.nothing_is_left_for_later(TREE))


class Docs(Tidy):
    def test_decisions_name_the_libraries(self):
        self.assert_tidy(docs_checks.decisions_name_the_libraries(TREE))

    def test_english_is_spelt(self):
        self.assert_tidy(docs_checks.english_is_spelt(TREE))


def fields_of(value):
    """The names of all fields in a JSON value, inner ones too."""
    if isinstance(value, dict):
        return set(value).union(*map(fields_of, value.values()))
    if isinstance(value, list):
        return set().union(*map(fields_of, value))
    return set()


class Manual(Tidy):
    """What the program can do is asked of the program itself: its help and its output come from the tables that it runs by."""

    @classmethod
    def setUpClass(cls):
        cls.commands = re.findall(r"(?m)^  (\w+) ", run("help").out.split("\nTry:")[0])
        cls.help = {command: run("help", command).out for command in cls.commands}
        shown = run("config", "show", "--json", "--config", "/dev/null")
        cls.parameters = shown.objects()
        cls.generated = manual_checks.generated_pages(TREE, shown.out)

    def test_the_help_could_be_read(self):
        self.assertIn("explain", self.commands)
        self.assertIn("--lang", self.help["explain"])

    def test_pages_exist_in_both_languages(self):
        self.assert_tidy(manual_checks.pages_exist_in_both_languages(TREE))

    def test_help_names_pages_that_exist(self):
        names = {name for text in self.help.values() for name in re.findall(r"man (posthorn[\w-]*)", text)}
        self.assert_tidy(manual_checks.help_names_pages_that_exist(TREE, sorted(names)))

    def test_commands(self):
        self.assert_tidy(manual_checks.commands_are_described(TREE, self.commands))

    def test_subcommands(self):
        usages = {command: text.splitlines()[0].split(" ", 2)[2] for command, text in self.help.items()}
        subcommands = {command: re.findall(r"(?:^|[| ])([a-z]+)(?=[| ]|$)", usage) for command, usage in usages.items() if "|" in usage}
        self.assertIn("order", subcommands["catalogue"])
        self.assertIn("fish", subcommands["completion"])
        self.assert_tidy(manual_checks.subcommands_are_described(TREE, subcommands))

    def test_options(self):
        options = {command: re.findall(r"(?m)^  (?:-\w, |    )--(\w[\w-]*)", text) for command, text in self.help.items()}
        self.assert_tidy(manual_checks.options_are_described(TREE, options))

    def test_parameters(self):
        self.assertIn("explain.columns", [parameter["name"] for parameter in self.parameters])
        self.assert_tidy(manual_checks.parameters_are_described(TREE, self.generated["posthorn.toml.5"], self.parameters))

    def test_log_records(self):
        self.assert_tidy(manual_checks.log_records_are_described(TREE, [parameter["name"] for parameter in self.parameters]))

    def test_json_fields(self):
        objects = run("explain", "--json", stdin=f"{UNKNOWN}\n{BLOCKED}\n").objects()
        objects += run("explain", "--batch", stdin='{"id": 1, "text": "550"}\nbad\n').objects()
        objects += run("codes", "--json", "550", "5.7.25", "X.7.25", "5.3.77").objects()
        objects += run("catalogue", "list", "--json").objects()
        fields = fields_of(objects + self.parameters).union(manual_checks.queue_fields(TREE))
        self.assertTrue({"blocklist", "retry_after", "error", "evidence", "standing", "examples", "reload", "next_attempt"} <= fields, fields)
        self.assert_tidy(manual_checks.json_fields_are_described(TREE, sorted(fields)))

    def test_exit_statuses(self):
        statuses = manual_checks.exit_statuses(TREE)
        self.assertIn(74, statuses)
        self.assert_tidy(manual_checks.exit_statuses_are_described(TREE, statuses))

    def test_replies(self):
        self.assert_tidy(manual_checks.replies_are_described(TREE, self.generated["posthorn-replies.7"]))


if __name__ == "__main__":
    unittest.main()
