# tests/cli/codes_test.py: `posthorn codes`: the registry of reply codes and enhanced status codes, as text and as JSON lines.
import json
import unittest

from posthorn_tool import columns, has_chinese, run

EXIT_OK, EXIT_USAGE = 0, 64


class Codes(unittest.TestCase):
    def text(self, *words):
        done = run("codes", *words)
        self.assertEqual((done.status, done.err), (EXIT_OK, ""))
        return done.out

    def one(self, *words):
        objects = run("codes", "--json", *words).objects()
        self.assertEqual(len(objects), 1)
        return objects[0]

    def test_the_list(self):
        lines = self.text().splitlines()
        codes = [line.split()[0] for line in lines]
        self.assertEqual(len(codes), len(set(codes)))
        for code in ("220", "250", "354", "421", "440", "445", "450", "451", "452", "454", "472", "501", "503", "505", "521", "535", "550", "551",
                     "552", "553", "554", "556", "571", "X.1.1", "X.2.2", "X.4.1", "X.7.1", "X.7.25", "X.7.26", "X.7.28"):
            self.assertIn(code, codes)
        self.assertTrue(any("RFC 5321" in line for line in lines))

    def test_the_list_in_chinese(self):
        lines = self.text("--lang=zh").splitlines()
        self.assertTrue(all(has_chinese(line) for line in lines))
        self.assertEqual(len(lines), len(self.text().splitlines()))

    def test_both_languages(self):
        both = self.text("--lang=both", "550")
        self.assertIn("Mailbox unavailable", both)
        self.assertIn("邮箱不可用", both)

    def test_a_reply_code(self):
        text = self.text("550")
        self.assertTrue(text.startswith("550  Mailbox unavailable\n"), text)
        for words in ("RFC 5321", "5yz", "X.1.1"):
            self.assertIn(words, text)

    def test_an_enhanced_code(self):
        text = self.text("5.7.25")
        for words in ("5.7.25", "PTR", "RFC 7372", "5.x.x", "x.7.x"):
            self.assertIn(words, text)

    def test_an_enhanced_code_of_any_class(self):
        for word in ("X.7.25", "x.7.25"):
            self.assertTrue(self.text(word).startswith("X.7.25  "))
        self.assertNotIn("5.x.x", self.text("X.7.25"))

    def test_the_class_of_an_enhanced_code(self):
        self.assertIn("Temporary failure", self.text("4.7.25"))
        self.assertIn("Permanent failure", self.text("5.7.25"))

    def test_codes_that_nobody_registered(self):
        text = self.text("5.3.77")
        self.assertIn("not registered", text)
        self.assertIn("5.x.x", text)
        self.assertIn("x.3.x", text)
        self.assertIn("not registered", self.text("599"))
        self.assertIn("未登记", self.text("--lang=zh", "5.3.77"))

    def test_dialect_codes(self):
        for code in ("440", "445", "472", "505", "571"):
            with self.subTest(code=code):
                self.assertIn("dialect", self.text(code))
                self.assertIn("非标准", self.text("--lang=zh", code))
                self.assertEqual(self.one(code)["standing"], "dialect")

    def test_several_at_once(self):
        text = self.text("550", "5.7.25", "440")
        for code in ("550  ", "5.7.25  ", "440  "):
            self.assertIn(code, text)

    def test_json_lines(self):
        done = run("codes", "--json")
        self.assertEqual(done.status, EXIT_OK)
        for line in done.lines():
            entry = json.loads(line)
            self.assertIn(entry["standing"], ("registered", "dialect"))
            for field in ("name", "meaning"):
                self.assertTrue(entry[field]["en"] and has_chinese(entry[field]["zh"]), line)
                self.assertFalse(has_chinese(entry[field]["en"]), line)
            self.assertTrue(entry["source"], line)
        self.assertEqual(len(done.lines()), len(run("codes").lines()))

    def test_json_of_one(self):
        self.assertEqual(list(self.one("550")), ["code", "standing", "name", "meaning", "source", "class"])
        self.assertEqual(list(self.one("5.7.25")), ["code", "standing", "name", "meaning", "basic_codes", "classes", "source", "class", "subject"])
        self.assertEqual(list(self.one("X.7.25")), ["code", "standing", "name", "meaning", "basic_codes", "classes", "source", "subject"])
        self.assertEqual(list(self.one("5.3.77")), ["code", "standing", "class", "subject"])
        self.assertEqual(self.one("5.3.77")["standing"], "unregistered")

    def test_words_that_are_no_codes(self):
        for word in ("999", "99", "199", "600", "5500", "1.2.3", "3.1.1", "5.7", "5.7.1.2", "5.7.1234", "x", "X", "", "５５０", "5.7.25 ", "-1"):
            with self.subTest(word=word):
                done = run("codes", "--", word)
                self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
                self.assertTrue(done.err.startswith("posthorn: "))

    def test_a_bad_word_among_good_ones(self):
        self.assertEqual(run("codes", "550", "nonsense").status, EXIT_USAGE)

    def test_no_line_is_wider_than_80_columns(self):
        codes = [json.loads(line)["code"] for line in run("codes", "--json").lines()]
        for language in ("en", "zh"):
            for line in self.text(f"--lang={language}", *codes).splitlines():
                self.assertLessEqual(columns(line), 80, line)


if __name__ == "__main__":
    unittest.main()
