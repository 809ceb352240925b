# tests/cli/catalogue_test.py: `posthorn catalogue`: what the catalogue holds and in which order its rules are tried; and an
# administrator's own files, from the check of a directory to the explanation that they change.
import json
import tempfile
import unittest
from pathlib import Path

from posthorn_tool import ROOT, columns, has_chinese, run

EXIT_OK, EXIT_TEMPORARY, EXIT_PERMANENT, EXIT_DIFFERS, EXIT_USAGE, EXIT_NO_INPUT, EXIT_CONFIG = 0, 1, 2, 4, 64, 66, 78
TIERS = ["host-text", "text", "code", "word", "general-code", "basic-code"]
VERBS = ["list", "show", "check", "test", "reasons", "order"]

GOOD = """\
reason = "policy_violation"
codes = ["550"]
enhanced = ["5.7.1"]
examples = ["550 5.7.1 The tea break of Example Ltd. has begun"]

[[match]]
id = "tea"
text = ["tea break of example ltd"]

[en]
title = "Example Ltd. drinks tea"
cause = "Example Ltd. takes no mail while it drinks tea."
sender = "Send the message again after five o'clock."

[zh]
title = "示例公司正在喝茶"
cause = "示例公司喝茶期间不接收邮件。"
sender = "请五点以后再发送。"
"""
TEA = "550 5.7.1 The tea break of Example Ltd. has begun"
UNKNOWN = "550 5.1.1 <ann@example.com>: User unknown"

# The built-in cause recipient.unknown with a house's own words.
OVERRIDE = """\
reason = "user_unknown"
codes = ["550"]
enhanced = ["5.1.1"]
examples = ["550 5.1.1 User unknown"]

[[match]]
id = "ours"
text = ["user unknown"]
priority = 9

[en]
title = "Nobody of that name works at Example Ltd."
cause = "Our own words for it."
sender = "Ring the front desk."

[zh]
title = "示例公司没有这个人"
cause = "这是我们自己的说法。"
sender = "请致电前台。"
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name) / "catalogue.d"
        self.folder.mkdir()
        self.config = Path(folder.name) / "posthorn.toml"
        self.config.write_text(f'[catalogue]\ndirectory = "{self.folder}"\n')

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


class BuiltIn(unittest.TestCase):
    def text(self, *words):
        done = run("catalogue", *words)
        self.assertEqual((done.status, done.err), (EXIT_OK, ""))
        return done.out

    def test_list(self):
        lines = self.text("list").splitlines()
        ids = [line.split()[0] for line in lines]
        files = {f"{path.parent.name}.{path.stem}" for path in (ROOT / "catalogue").glob("*/*.toml")}
        self.assertEqual(set(ids), files)
        self.assertEqual(len(ids), len(files))
        self.assertEqual(ids, sorted(ids))
        self.assertFalse([line for line in lines if "{" in line])

    def test_list_in_chinese(self):
        self.assertTrue(all(has_chinese(line) for line in self.text("list", "--lang=zh").splitlines()))

    def test_list_of_one_reason(self):
        lines = self.text("list", "--reason", "rdns_missing").splitlines()
        self.assertIn("sender.reverse-dns-missing", [line.split()[0] for line in lines])
        self.assertEqual({line.split()[1] for line in lines}, {"rdns_missing"})
        self.assertEqual(self.text("list", "-r", "rdns_missing").splitlines(), lines)

    def test_list_of_a_reason_that_there_is_not(self):
        done = run("catalogue", "list", "--reason", "nonsense")
        self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
        self.assertIn("catalogue reasons", done.err)

    def test_list_json(self):
        done = run("catalogue", "list", "--json")
        ids = [json.loads(line)["id"] for line in done.lines()]
        self.assertEqual(ids, [line.split()[0] for line in self.text("list").splitlines()])
        for line in done.lines():
            entry = json.loads(line)
            self.assertEqual(list(entry), ["id", "reason", "fault", "retry", "advice", "codes", "enhanced", "rfc", "examples", "en", "zh"])
            self.assertEqual(set(entry["en"]), set(entry["zh"]))
            self.assertTrue(entry["examples"])
            self.assertTrue(has_chinese(entry["zh"]["cause"]), entry["id"])

    def test_show(self):
        text = self.text("show", "recipient.unknown")
        for words in ("recipient.unknown", "user_unknown", "5.1.1", "What happened", "What the sender can do", "Example", "Rule unknown",
                      "RFC", "user unknown"):
            self.assertIn(words, text)
        self.assertIn("发件人可以做什么", self.text("show", "recipient.unknown", "--lang=zh"))

    def test_show_both_languages(self):
        both = self.text("show", "recipient.unknown", "--lang=both")
        self.assertIn("What happened", both)
        self.assertIn("发生了什么", both)

    def test_show_says_what_our_own_server_replies(self):
        self.assertIn("554 5.7.1", self.text("show", "relay.denied"))

    def test_show_json(self):
        done = run("catalogue", "show", "recipient.unknown", "--json")
        self.assertEqual(len(done.objects()), 1)
        self.assertEqual(done.objects()[0]["id"], "recipient.unknown")

    def test_show_every_cause_within_80_columns(self):
        for name in ("recipient.unknown", "sender.reverse-dns-missing", "reputation.ip-blocked", "google.ptr", "relay.denied"):
            for language in ("en", "zh"):
                for line in self.text("show", name, f"--lang={language}").splitlines():
                    if " " in line.strip():
                        self.assertLessEqual(columns(line), 80, line)

    def test_show_an_unknown_one(self):
        done = run("catalogue", "show", "recipient.nonsense")
        self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
        self.assertIn("recipient.nonsense", done.err)
        self.assertIn("catalogue list", done.err)

    def test_reasons(self):
        lines = self.text("reasons").splitlines()
        self.assertEqual(len(lines), 42)
        counts = {line.split()[0]: int(line.split()[2]) for line in lines}
        self.assertEqual(sum(counts.values()), len(self.text("list").splitlines()))
        self.assertEqual(counts["rdns_missing"], len(self.text("list", "--reason=rdns_missing").splitlines()))
        self.assertTrue(all(has_chinese(line) for line in self.text("reasons", "--lang=zh").splitlines()))

    def test_order_is_sorted_by_tier(self):
        lines = self.text("order").splitlines()
        tiers = [line.split()[0] for line in lines]
        self.assertEqual(set(tiers), set(TIERS))
        self.assertEqual(tiers, sorted(tiers, key=TIERS.index))

    def test_order_names_rules_that_exist(self):
        ids = {line.split()[0] for line in self.text("list").splitlines()}
        for line in self.text("order").splitlines():
            cause, slash, rule = line.split()[1].partition("/")
            self.assertIn(cause, ids)
            self.assertTrue(slash and rule, line)

    def test_the_order_is_the_order_of_explanations(self):
        """The rule that explains a reply is in the tier that `order` gives it."""
        order = {tuple(line.split()[:2]) for line in self.text("order").splitlines()}
        for reply in (UNKNOWN, "550 5.7.25", "450 4.2.2 over quota", "550", "554 5.7.1 Relay access denied", "spam"):
            evidence = run("explain", "--json", reply).objects()[0]["evidence"]
            self.assertIn((evidence["tier"], evidence["rule"]), order, reply)

    def test_no_blank_ends_a_line(self):
        for words in (["list"], ["reasons"], ["order"], ["show", "recipient.unknown"]):
            ends = [line for line in self.text(*words).splitlines() if line != line.rstrip(" ")]
            self.assertFalse(ends, ends[:2])

    def test_wrong_words(self):
        for words in ([], ["nonsense"], ["show"], ["show", "a", "b"], ["check"], ["list", "x"]):
            with self.subTest(words=words):
                done = run("catalogue", *words)
                self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
                self.assertTrue(all(verb in done.err for verb in VERBS), done.err)


class CheckAndTest(Folder):
    def check(self, verb="check"):
        return run("catalogue", verb, self.folder)

    def assert_complaint(self, done, where, remedy):
        """The message begins with the place, as compilers write it, and says what to do."""
        self.assertEqual(done.status, EXIT_DIFFERS, done.out + done.err)
        lines = [line for line in done.lines() if line.startswith(where)]
        self.assertTrue(lines, f"no message at {where}:\n{done.out}")
        self.assertTrue(any(remedy in line for line in lines), f"no {remedy!r} in:\n" + "\n".join(lines))

    def test_good_files(self):
        self.write("local/tea.toml", GOOD)
        for verb in ("check", "test"):
            done = self.check(verb)
            self.assertEqual((done.status, done.err), (EXIT_OK, ""))
            self.assertIn("1 file, 1 cause, 0 complaints", done.out)

    def test_the_project_s_own_catalogue(self):
        self.assertEqual(run("catalogue", "test", ROOT / "catalogue").status, EXIT_OK)

    def test_the_summary_in_chinese(self):
        self.write("local/tea.toml", GOOD)
        self.assertTrue(has_chinese(run("catalogue", "check", self.folder, "--lang=zh").out))

    def test_no_files(self):
        for folder in (self.folder, self.folder / "none"):
            done = run("catalogue", "check", folder)
            self.assertEqual((done.status, done.out), (EXIT_NO_INPUT, ""))
            self.assertIn(str(folder), done.err)

    def test_faults_tell_file_line_and_remedy(self):
        number = GOOD.splitlines().index('id = "tea"') + 1
        cases = [
            (GOOD.replace('reason = "policy_violation"', 'reason = "nonsense"'), 1, "catalogue reasons"),
            (GOOD.replace('id = "tea"', 'id = "Tea Time"'), number, "small letters"),
            (GOOD.replace("tea break of example ltd", "Tea Break of Example Ltd"), number + 1, "lower case"),
            (GOOD.replace('codes = ["550"]', "codes = 550"), 2, "codes"),
            (GOOD.replace('codes = ["550"]', 'codez = ["550"]'), 2, "codes"),
            (GOOD.replace("cause = \"Example Ltd.", 'cause = "{sender|Example} Ltd.'), GOOD.splitlines().index("[en]") + 3, "address"),
            (GOOD.replace("[[match]]", "[[match"), GOOD.splitlines().index("[[match]]") + 1, ""),
            (GOOD.replace("examples = [", "examples = [] #"), 4, "at least one"),
        ]
        for text, line, remedy in cases:
            path = self.write("local/tea.toml", text)
            with self.subTest(remedy=remedy, line=line):
                self.assert_complaint(self.check(), f"{path}:{line}:", remedy)

    def test_a_missing_language_is_told(self):
        path = self.write("local/tea.toml", GOOD[:GOOD.index("[zh]")])
        self.assert_complaint(self.check(), f"{path}:", "[zh]")

    def test_a_missing_rule_is_told(self):
        path = self.write("local/tea.toml", GOOD.replace('[[match]]\nid = "tea"\ntext = ["tea break of example ltd"]\n', ""))
        self.assert_complaint(self.check(), f"{path}:", "[[match]]")

    def test_advice_in_one_language_only_is_told(self):
        path = self.write("local/tea.toml", GOOD + 'sender_admin = "请等待。"\n')
        self.assert_complaint(self.check(), f"{path}:", "sender_admin")

    def test_all_files_are_told_of_at_once(self):
        first = self.write("local/a.toml", GOOD.replace("policy_violation", "x"))
        second = self.write("local/b.toml", GOOD.replace("policy_violation", "y"))
        done = self.check()
        self.assertIn(f"{first}:1:", done.out)
        self.assertIn(f"{second}:1:", done.out)

    def test_an_example_that_another_cause_takes(self):
        self.write("local/tea.toml", GOOD.replace(f'examples = ["{TEA}"]', f'examples = ["{UNKNOWN}"]'))
        self.assertEqual(self.check().status, EXIT_OK)
        done = self.check("test")
        self.assert_complaint(done, "local.tea: ", "recipient.unknown")
        self.assertIn("more specific", done.out)

    def test_a_phrase_that_never_fires(self):
        """Two causes with the same words: the one whose id is greater never has its turn."""
        self.write("zz/tea.toml", GOOD.replace('"tea break of example ltd"', '"tea break of example ltd", "user unknown"'))
        self.assertEqual(self.check().status, EXIT_OK)
        self.assert_complaint(self.check("test"), "zz.tea: ", "user unknown")

    def test_escape_sequences_in_a_file_do_not_reach_the_terminal(self):
        self.write("local/tea.toml", GOOD.replace("policy_violation", "\\u001B[31mred"))
        self.assertNotIn("\033", self.check().out)


class OwnCauses(Folder):
    def explain(self, reply, *options):
        return run("explain", "--json", *options, reply, config=self.config)

    def test_a_new_cause_explains(self):
        self.assertNotEqual(self.explain(TEA).objects()[0]["cause"], "local.tea")
        self.write("local/tea.toml", GOOD)
        done = self.explain(TEA)
        answer = done.objects()[0]
        self.assertEqual((answer["cause"], answer["reason"], answer["evidence"]["rule"]), ("local.tea", "policy_violation", "local.tea/tea"))
        self.assertIn("Example Ltd. drinks tea", answer["explain"]["en"])
        self.assertIn("示例公司正在喝茶", answer["explain"]["zh"])
        self.assertEqual((done.status, done.err), (EXIT_PERMANENT, ""))

    def test_a_new_cause_is_listed_and_shown(self):
        self.write("local/tea.toml", GOOD)
        self.assertIn("local.tea ", run("catalogue", "list", config=self.config).out)
        self.assertIn("drinks tea", run("catalogue", "show", "local.tea", config=self.config).out)
        self.assertIn("local.tea/tea", run("catalogue", "order", config=self.config).out)

    def test_the_rest_of_the_catalogue_stays(self):
        self.write("local/tea.toml", GOOD)
        self.assertEqual(self.explain(UNKNOWN).objects()[0]["cause"], "recipient.unknown")
        before = len(run("catalogue", "list").lines())
        self.assertEqual(len(run("catalogue", "list", config=self.config).lines()), before + 1)

    def test_a_built_in_cause_is_replaced(self):
        self.write("recipient/unknown.toml", OVERRIDE)
        answer = self.explain("550 5.1.1 User unknown").objects()[0]
        self.assertEqual((answer["cause"], answer["evidence"]["rule"]), ("recipient.unknown", "recipient.unknown/ours"))
        self.assertIn("Ring the front desk.", answer["explain"]["en"])
        self.assertIn("请致电前台", answer["explain"]["zh"])
        listed = [line for line in run("catalogue", "list", config=self.config).lines() if line.startswith("recipient.unknown ")]
        self.assertEqual(len(listed), 1)
        self.assertIn("works at Example Ltd.", listed[0])

    def test_a_broken_file_does_not_stop_explanations(self):
        broken = self.write("local/broken.toml", "reason = \n")
        self.write("local/tea.toml", GOOD)
        for reply, cause in ((UNKNOWN, "recipient.unknown"), (TEA, "local.tea")):
            done = self.explain(reply)
            self.assertEqual((done.objects()[0]["cause"], done.status), (cause, EXIT_PERMANENT))
            self.assertIn(f"posthorn: {broken}:1:", done.err)

    def test_a_broken_file_does_not_stop_a_batch(self):
        self.write("local/broken.toml", "reason = \n")
        done = run("explain", "--batch", stdin=json.dumps({"id": 1, "text": UNKNOWN}) + "\n", config=self.config)
        self.assertEqual((done.objects()[0]["cause"], done.status), ("recipient.unknown", EXIT_OK))

    def test_a_directory_that_is_not_there(self):
        self.folder.rmdir()
        done = self.explain(UNKNOWN)
        self.assertEqual((done.objects()[0]["cause"], done.err), ("recipient.unknown", ""))


class Configuration(Folder):
    def test_config_shows_every_parameter(self):
        done = run("config")
        self.assertEqual(done.status, EXIT_OK)
        for name in ("catalogue.directory = ", "explain.language = auto", "explain.columns = 0"):
            self.assertIn(name, done.out)
        self.assertTrue(has_chinese(run("config", "--lang=zh").out))

    def test_config_shows_what_the_file_says(self):
        self.config.write_text("[explain]\ncolumns = 50\n")
        self.assertIn("explain.columns = 50  (default 0)", run("config", config=self.config).out)

    def test_columns(self):
        self.config.write_text('[catalogue]\ndirectory = ""\n[explain]\ncolumns = 60\n')
        lines = run("explain", UNKNOWN, config=self.config).lines()
        self.assertLessEqual(max(map(columns, lines)), 60)
        self.assertGreater(max(map(columns, lines)), 50)

    def test_mistakes_tell_file_line_and_remedy(self):
        cases = [("[explain]\ncolumn = 5\n", 2, "explain.columns"), ("[explain]\nlanguage = \"fr\"\n", 2, "zh"),
                 ("[explain]\ncolumns = 9999\n", 2, "500"),
                 ("[explain]\ncolumns = \"x\"\n", 2, ""), ("explain = 1\n", 1, "explain"), ("[explain\n", 1, "")]
        for text, line, remedy in cases:
            self.config.write_text(text)
            with self.subTest(text=text):
                done = run("explain", UNKNOWN, config=self.config)
                self.assertEqual((done.status, done.out), (EXIT_CONFIG, ""))
                self.assertIn(f"posthorn: {self.config}:{line}:", done.err)
                self.assertIn(remedy, done.err)

    def test_a_file_that_was_asked_for_must_be_there(self):
        done = run("explain", UNKNOWN, config=self.folder / "none.toml")
        self.assertEqual((done.status, done.out), (EXIT_CONFIG, ""))


if __name__ == "__main__":
    unittest.main()
