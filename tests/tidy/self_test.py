# tests/tidy/self_test.py: every check of this folder can complain. Each is given a small made-up project that is in order, about which
# it must say nothing, and then the same one with a single thing broken.
import inspect
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import catalogue_checks
import docs_checks
import manual_checks
import source_checks
from tree import Tree, literals

CAUSE = """\
reason = "user_unknown"
situations = [SITUATIONS]
examples = ["550 User unknown"]
[[match]]
id = "unknown"
text = ["user unknown"]
REPLIES
[en]
title = "The mailbox does not exist"
cause = "There is no such mailbox."
[zh]
title = "邮箱不存在"
cause = "没有这个邮箱。"
"""
ROWS = [row for row in range(1, 105) if row != 21]
REPLIES = "".join(f'[[reply]]\nname = "reply-{row}"\nline = "550 5.1.1 {{address}}: No. {row}"\nsituation = {row}\n' for row in ROWS)

CATALOGUE_CMAKE = """\
file(GLOB_RECURSE PH_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/catalogue/*.toml)
add_custom_command(
    OUTPUT out.cc
    COMMAND catalogc ${CMAKE_SOURCE_DIR}/catalogue out.cc
    DEPENDS catalogc ${PH_FILES}
    VERBATIM)
"""

MDOC = """\
.Sh NAME
.Nm posthorn
.Sh DESCRIPTION
.It Cm explain
.It Fl l , Fl Fl lang Ar LANG
.It Cm order
.Sh EXIT STATUS
.It 0
.It 74
.Sh JSON
.It Va retry_after
"""
MAN_ZH = r"""
.SH 名称
posthorn 邮件
.SH 选项
命令explain，选项\fB\-\-lang\fR，子命令order。
.SH 退出状态
正常为0，写不出为74。
.SH JSON
字段\fIretry_after\fR
"""
REPLIES_PAGE = ".Sh REPLIES\n" + "".join(f".It Sy reply\\-{row}\n550 5.1.1 {{address}}: No. {row}\n.br\n原因 recipient.unknown.\n"
                                          for row in ROWS)
REPLIES_PAGES = {"man/en": REPLIES_PAGE, "man/zh_CN": REPLIES_PAGE}

FILES = {
    "CMakeLists.txt": "posthorn_room(base LIBRARIES ph::re2)\nposthorn_room(status DEPENDS base)\n"
                      "posthorn_room(app LIBRARIES ph::pfr DEPENDS status catalogue)\n",
    "cmake/catalogue.cmake": CATALOGUE_CMAKE,
    "cmake/libraries.cmake": "ph_pkg(re2 re2)\nph_pkg(toml tomlplusplus)\n"
                             "find_path(PH_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)\nfind_package(PkgConfig REQUIRED)\n",
    "tools/catalogc.cc": "// tools/catalogc.cc: the compiler.\nint main() { check_catalogue(); }\n",
    "src/status/reason.cc": '// status/reason.cc: the taxonomy.\n#include "base/text.h"\nReason{"user_unknown", "recipient"},\n',
    "src/base/text.h": "// base/text.h: text.\n#include <string>\n",
    "src/catalogue/builtin.h": '// catalogue/builtin.h: the tables.\n#include "status/reason.h"\n',
    "src/app/run.cc": '// app/run.cc: runs.\n#include "base/text.h"\n// as "550 5.1.1 No" would be\nconst char* text = "no // reply";\n',
    "src/app/run_test.cc": '// app/run_test.cc: tests.\nconst char* reply = "550 5.1.1 No";\n',
    "src/app/exit_status.h": "// app/exit_status.h: how it ends.\nenum class Exit : int {\n    ok = 0,  // done\n    io = 74,\n};\n",
    "src/library/face.cc": '// library/face.cc: the C interface.\n#include "app/run.h"\n',
    "docs/decisions/001-libraries.md": "We take RE2, toml++ and tl::expected.\n",
    "catalogue/recipient/unknown.toml": CAUSE.replace("SITUATIONS", ", ".join(map(str, range(1, 132)))).replace("REPLIES", REPLIES),
    "man/en/posthorn.1": MDOC,
    "man/en/posthorn-serve.1": ".Sh LOG\n.It Sy smtp.accepted\nTaken.\n",
    "man/zh_CN/posthorn.1": MAN_ZH,
    "man/zh_CN/posthorn-serve.1": ".SH 日志\n\\fBsmtp.accepted\\fR 已接收。\n",
    "src/app/session.cc": '// app/session.cc: sessions.\nvoid f() { log.write(Level::info, "smtp.accepted", where("smtp.banner")); }\n',
}
PARAMETERS = [{"name": "explain.columns", "default": "5m", "en": "Width of `explain`.", "zh": "宽度。"}]
PARAMETER_PAGES = {"man/en": '.It Va explain.columns\nWidth of \\fBexplain\\fR.\n.br\nNumber; default "5m".\n',
                   "man/zh_CN": '.It Va explain.columns\n宽度。\n.br\n默认值："5m"。\n'}
HELD = {"recipient.unknown": ["550 User unknown"]}


class SelfTest(unittest.TestCase):
    tried = set()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path, text in FILES.items():
            self.write(path, text)
        self.tree = Tree(self.root)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def broken(self, check, *facts, complaint, remove=None, **files):
        """`check` says nothing about the tree in order, and `complaint` with these files changed: path=(old, new) or path=text."""
        SelfTest.tried.add(check.__name__)
        self.assertEqual(check(self.tree, *facts), [])
        for path, change in files.items():
            text = change if isinstance(change, str) else FILES[path].replace(*change)
            self.assertNotEqual(text, FILES.get(path), "nothing was changed")
            self.write(path, text)
        if remove:
            (self.root / remove).unlink()
        self.assert_complains(check(self.tree, *facts), complaint)
        for path in files:
            self.write(path, FILES[path]) if path in FILES else (self.root / path).unlink()
        if remove:
            self.write(remove, FILES[remove])
        self.assertEqual(check(self.tree, *facts), [])

    def assert_complains(self, complaints, complaint):
        self.assertTrue(any(complaint in line for line in complaints), f"{complaint!r} is not said in {complaints}")


class Catalogue(SelfTest):
    cause = "catalogue/recipient/unknown.toml"

    def test_causes(self):
        check = catalogue_checks.causes_are_whole
        self.broken(check, complaint="[zh]", **{self.cause: ("[zh]", "[fr]")})
        self.broken(check, complaint="[en]", **{self.cause: ('cause = "There', 'because = "There')})
        self.broken(check, complaint="no example", **{self.cause: ('"550 User unknown"', "")})
        self.broken(check, complaint="[[match]]", **{self.cause: ("[[match]]", "[[mash]]")})
        self.broken(check, complaint="recipient/other.toml:1", **{"catalogue/recipient/other.toml": "not toml"})

    def test_compiler(self):
        check = catalogue_checks.compiler_tries_every_example
        build = "cmake/catalogue.cmake"
        self.broken(check, complaint="calls catalogc", **{build: ("COMMAND catalogc", "COMMAND true")})
        self.broken(check, complaint="calls catalogc", **{build: ("/catalogue out.cc", "/catalogue/google out.cc")})
        self.broken(check, complaint="globbed", **{build: ("CONFIGURE_DEPENDS ", "")})
        self.broken(check, complaint="does not depend", **{build: (" ${PH_FILES}", "")})
        self.broken(check, complaint="check_catalogue", **{"tools/catalogc.cc": ("check_catalogue()", "")})

    def test_program(self):
        check = catalogue_checks.program_holds_the_catalogue
        self.broken(check, HELD, complaint="build it again", **{self.cause: ("550 User unknown", "550 Unknown user")})
        self.broken(check, HELD, complaint="recipient/other", **{"catalogue/recipient/other.toml": 'examples = ["x"]'})
        self.broken(check, HELD, complaint="which has no file", remove=self.cause)

    def test_situations(self):
        check = catalogue_checks.situations_have_causes
        self.broken(check, complaint="situation 131", **{self.cause: (", 131]", "]")})
        self.broken(check, complaint="no situation 132", **{self.cause: (", 131]", ", 131, 132]")})

    def test_server_situations(self):
        self.broken(catalogue_checks.server_situations_have_replies, complaint="situation 104;",
                    **{self.cause: ("situation = 104", "situation = 103")})

    def test_reasons(self):
        check = catalogue_checks.reasons_have_causes
        self.broken(check, complaint="reason.cc:4: no cause has the reason virus",
                    **{"src/status/reason.cc": FILES["src/status/reason.cc"] + 'Reason{"virus"},\n'})
        self.broken(check, complaint="no reason found", **{"src/status/reason.cc": ("Reason{", "{")})


class Source(SelfTest):
    def test_heads(self):
        check = source_checks.heads_say_the_file
        self.broken(check, complaint="src/app/run.cc:1", **{"src/app/run.cc": ("// app/run.cc", "// run.cc")})
        self.broken(check, complaint="src/base/text.h:1", **{"src/base/text.h": "#pragma once\n"})
        self.broken(check, complaint="tools/catalogc.cc:1", **{"tools/catalogc.cc": ("// tools/catalogc.cc: the", "// The")})

    def test_replies(self):
        check = source_checks.replies_are_declared
        for text in ('"550 5.1.1 No"', '"550-5.1.1 No"', '"421 4.7.0"', 'R"(250 2.0.0 Ok)"', 'R"x(554-5.7.1 a)x"'):
            self.broken(check, complaint="src/app/run.cc:4: the reply", **{"src/app/run.cc": ('"no // reply"', text)})

    def test_literals(self):
        source = """'"' "a" // "b"\n/* "c" */ R"(d "e" // f)" "g\\"h" 1'000 "i" '\\'' "j" """
        self.assertEqual([text for _, text in literals(source)], ["a", 'd "e" // f', 'g\\"h', "i", "j"])

    def test_rooms(self):
        check = source_checks.rooms_include_what_they_declare
        self.broken(check, complaint="src/base/text.h:2: room base does not declare room status",
                    **{"src/base/text.h": ("<string>", '"status/reason.h"')})
        self.broken(check, complaint="room status does not declare room app", **{"src/status/reason.cc": ('"base/text.h"', "<app/run.h>")})
        self.broken(check, complaint="room app does not declare room base", **{"CMakeLists.txt": ("(status DEPENDS base)", "(status)")})
        self.broken(check, complaint="no posthorn_room(extra", **{"src/extra/x.cc": "// extra/x.cc: x.\n"})

    def test_nothing_left(self):
        check = source_checks.nothing_is_left_for_later
        for word in ("TO" + "DO", "FIX" + "ME"):
            self.broken(check, complaint=f"src/base/text.h:2: {word}", **{"src/base/text.h": ("#include", f"// {word}: later\n#include")})
            self.broken(check, complaint="tools/show:1", **{"tools/show": f"# {word}\n"})


class Docs(SelfTest):
    def test_libraries(self):
        check = docs_checks.decisions_name_the_libraries
        decision = "docs/decisions/001-libraries.md"
        self.broken(check, complaint="re2", **{decision: ("RE2", "more 2")})
        self.broken(check, complaint="tomlplusplus", **{decision: ("toml++", "toml")})
        self.broken(check, complaint="tl/expected", **{decision: ("tl::expected", "what was expected")})
        self.broken(check, complaint="boost/pfr",
                    **{"cmake/libraries.cmake": FILES["cmake/libraries.cmake"] + "find_path(PH_PFR_INCLUDE boost/pfr.hpp REQUIRED)\n"})
        self.broken(check, complaint="SQLite3", **{"cmake/libraries.cmake": FILES["cmake/libraries.cmake"] + "find_package(SQLite3 REQUIRED)\n"})
        self.broken(check, complaint="no library found", **{"cmake/libraries.cmake": "# none\n"})

    def test_spelling(self):
        check = docs_checks.english_is_spelt
        wrong = "mes" + "age"  # written apart: a checker may look at this file too
        if check(self.tree):
            self.skipTest("; ".join(check(self.tree)))
        self.broken(check, complaint="docs/more.md:1", **{"docs/more.md": f"a {wrong}\n"})
        self.broken(check, complaint="man/en/posthorn.1", **{"man/en/posthorn.1": FILES["man/en/posthorn.1"] + f"a {wrong}\n"})
        self.broken(check, complaint="unknown.toml: [en] cause", **{"catalogue/recipient/unknown.toml": ("no such mailbox", f"no such {wrong}")})

    def test_spelling_without_the_tool(self):
        with mock.patch.dict(os.environ, {"PATH": str(self.root)}):
            self.assert_complains(docs_checks.english_is_spelt(self.tree), "not installed")


class Manual(SelfTest):
    english, chinese = "man/en/posthorn.1", "man/zh_CN/posthorn.1"

    def broken_in_both(self, check, facts, word, complaint):
        for page in (self.english, self.chinese):
            self.broken(check, *facts, complaint=complaint, **{page: (word, "x")})

    def test_pages(self):
        check = manual_checks.pages_exist_in_both_languages
        self.broken(check, complaint="man/zh_CN/posthorn.1: is missing", remove=self.chinese)
        self.broken(check, complaint="man/en/posthorn.1: is missing", remove=self.english)
        self.broken(check, complaint="no Chinese", **{self.chinese: "English"})

    def test_pages_that_the_help_names(self):
        self.broken(manual_checks.help_names_pages_that_exist, ["posthorn"], complaint="man/zh_CN/posthorn.1", remove=self.chinese)

    def test_commands(self):
        self.broken_in_both(manual_checks.commands_are_described, [["explain"]], "explain", "explain is not there")

    def test_options(self):
        self.broken_in_both(manual_checks.options_are_described, [{"explain": ["lang"]}], "lang", "--lang is not there")
        self.broken(manual_checks.options_are_described, {"explain": ["lang"]}, complaint="--lang", **{self.english: ("Fl Fl lang", "lang")})
        self.broken(manual_checks.options_are_described, {"explain": ["lang"]}, complaint="--lang",
                    **{self.english: ("Fl Fl lang", "Fl Fl language")})

    def test_subcommands(self):
        self.broken_in_both(manual_checks.subcommands_are_described, [{"catalogue": ["order"]}], "order", "order is not there")

    def test_parameters(self):
        check = manual_checks.parameters_are_described
        SelfTest.tried.add(check.__name__)
        self.assertEqual(check(self.tree, PARAMETER_PAGES, PARAMETERS), [])
        for folder, page in PARAMETER_PAGES.items():
            for old in ("columns", "Width" if folder == "man/en" else "宽度", '"5m"'):
                self.assertIn(old, page)
                self.assert_complains(check(self.tree, {**PARAMETER_PAGES, folder: page.replace(old, "x")}, PARAMETERS),
                                      f"{folder}/posthorn.toml.5: the parameter explain.columns")
        self.assert_complains(check(self.tree, {**PARAMETER_PAGES, "man/zh_CN": PARAMETER_PAGES["man/en"]}, PARAMETERS), "no Chinese")

    def test_log_records(self):
        check = manual_checks.log_records_are_described
        for page in ("man/en/posthorn-serve.1", "man/zh_CN/posthorn-serve.1"):
            self.broken(check, ["smtp.banner"], complaint="the log record smtp.accepted is not there", **{page: ("accepted", "taken")})
        self.broken(check, ["smtp.banner"], complaint="smtp.refused is not there", **{"src/app/session.cc": ("smtp.accepted", "smtp.refused")})
        self.broken(check, ["smtp.banner"], complaint="no log record found", **{"src/app/session.cc": ("smtp.accepted", "taken")})

    def test_queue_fields(self):
        self.write("src/server/control.cc", 'json.field("id", id).key("jobs");\nstd::string status_json() {\n    json.count("jobs_all", 1);\n}\n')
        self.assertEqual(manual_checks.queue_fields(self.tree), ["id", "jobs"])

    def test_json_fields(self):
        check = manual_checks.json_fields_are_described
        self.broken_in_both(check, [["retry_after"]], "retry_after", "retry_after is not there")
        self.broken(check, ["retry_after"], complaint="no page has a section", **{self.english: ("Sh JSON", "Sh OUTPUT")})

    def test_exit_statuses(self):
        check = manual_checks.exit_statuses_are_described
        self.assertEqual(manual_checks.exit_statuses(self.tree), [0, 74])
        self.broken_in_both(check, [[0, 74]], "74", "status 74 is not there")
        self.broken(check, [0, 74], complaint="no page has a section", **{self.english: ("EXIT STATUS", "ENDINGS")})

    def test_replies(self):
        check = manual_checks.replies_are_described
        SelfTest.tried.add(check.__name__)
        self.assertEqual(check(self.tree, REPLIES_PAGES), [])
        for folder, page in REPLIES_PAGES.items():
            for old, new, complaint in ((r"reply\-7" + "\n", "x\n", "reply-7 of recipient.unknown"), ("550 5.1.1", "550 5.1.2", "reply-1 of"),
                                        ("recipient.unknown", "recipient", "reply-1 of")):
                self.assertIn(old, page)
                self.assert_complains(check(self.tree, {**REPLIES_PAGES, folder: page.replace(old, new)}), complaint)
        self.assert_complains(check(self.tree, {"man/zh_CN": REPLIES_PAGE.replace("原因", "Cause")}), "no Chinese")


class ZLast(unittest.TestCase):
    """Runs last, by its name: was every check of the modules tried above?"""

    FACTS = {"manuals", "exit_statuses", "generated_pages", "queue_fields"}  # what is read, not complaints

    def test_every_check_was_tried(self):
        for module in (catalogue_checks, source_checks, docs_checks, manual_checks):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                is_check = function.__module__ == module.__name__ and list(inspect.signature(function).parameters)[:1] == ["tree"]
                if is_check and name not in self.FACTS:
                    self.assertIn(name, SelfTest.tried)


if __name__ == "__main__":
    unittest.main()
