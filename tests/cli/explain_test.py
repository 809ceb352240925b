# tests/cli/explain_test.py: `posthorn explain` as people and programs use it: where the text comes from, in which language and width it
# is answered, the JSON contract, batches, exit statuses, and input that means no good.
import contextlib
import errno
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios
import tomllib
import unittest
from pathlib import Path

import posthorn_tool
from posthorn_tool import ROOT, TIMEOUT, batch, columns, command_line, environment, explain, has_chinese, run, tsv_rows

UNKNOWN = "550 5.1.1 <ann@example.com>: User unknown"
FULL = "452 4.2.2 Mailbox full"
EXIT_OK, EXIT_TEMPORARY, EXIT_PERMANENT, EXIT_UNDETERMINED, EXIT_USAGE, EXIT_DATA, EXIT_NO_INPUT, EXIT_IO = 0, 1, 2, 3, 64, 65, 66, 74

FIELDS = ["reason", "cause", "kind", "action", "permanent", "code_says", "fault", "advice", "retry", "smtp_code", "status", "status_source",
          "command", "recipient", "provider", "confidence", "evidence", "diagnostic", "explain"]
OPTIONAL = {"id", "retry_after", "blocklist"}
EVIDENCE_FIELDS = ["rule", "tier", "text", "start", "end"]
BLOCK_LIST_FIELDS = ["name", "ip", "url"]
TIERS = {"host-text", "text", "code", "word", "general-code", "basic-code", "none"}


def sample_replies():
    """Every reply of the table and every example of the catalogue: some two thousand."""
    replies = [row["reply"] for row in tsv_rows(ROOT / "tests/replies/replies.tsv")]
    for path in sorted((ROOT / "catalogue").glob("*/*.toml")):
        replies += tomllib.loads(path.read_text(encoding="utf-8"))["examples"]
    return replies


def on_terminal(words, width, env):
    """The output of a command on a terminal of that width, with its line ends as the program wrote them."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    process = subprocess.Popen(command_line(*words), stdin=subprocess.DEVNULL, stdout=slave, stderr=subprocess.PIPE, env=environment(**env))
    os.close(slave)
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError as error:  # Linux says EIO when the other side has closed
            if error.errno != errno.EIO:
                raise
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(master)
    process.communicate(timeout=TIMEOUT)
    return b"".join(pieces).decode()


class WhereTheTextComesFrom(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "reply.txt"
        self.file.write_text(UNKNOWN + "\n")

    def cause_of(self, *words, **more):
        done = run("explain", "--json", *words, **more)
        self.assertEqual(done.status, EXIT_PERMANENT, done.err)
        return done.objects()[0]["cause"]

    def test_one_word(self):
        self.assertEqual(self.cause_of(UNKNOWN), "recipient.unknown")

    def test_several_words(self):
        self.assertEqual(self.cause_of(*UNKNOWN.split()), "recipient.unknown")

    def test_words_behind_two_dashes(self):
        self.assertEqual(self.cause_of("--", UNKNOWN), "recipient.unknown")
        self.assertEqual(self.cause_of("--", "550", "--", "User", "unknown"), "recipient.unknown")

    def test_options_among_words(self):
        done = run("explain", "550", "--json", "User", "--lang=zh", "unknown")
        self.assertEqual(done.objects()[0]["cause"], "recipient.unknown")

    def test_standard_input(self):
        self.assertEqual(self.cause_of(stdin=UNKNOWN), "recipient.unknown")
        self.assertEqual(self.cause_of("-", stdin=UNKNOWN), "recipient.unknown")

    def test_file_option(self):
        self.assertEqual(self.cause_of("--file", self.file), "recipient.unknown")
        self.assertEqual(self.cause_of(f"--file={self.file}"), "recipient.unknown")
        self.assertEqual(self.cause_of("-f", self.file), "recipient.unknown")
        self.assertEqual(self.cause_of("--file", "-", stdin=UNKNOWN), "recipient.unknown")

    def test_a_single_word_that_names_a_file(self):
        self.assertEqual(self.cause_of(self.file), "recipient.unknown")
        self.assertEqual(self.cause_of("reply.txt", cwd=self.folder), "recipient.unknown")

    def test_several_words_are_never_files(self):
        done = run("explain", "--json", self.file, "550 unknown user")
        self.assertIn(str(self.file), done.objects()[0]["diagnostic"])

    def test_words_and_file_together_are_refused(self):
        done = run("explain", "--file", self.file, UNKNOWN)
        self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
        self.assertIn("not both", done.err)


class WhatAReplyLooksLike(unittest.TestCase):
    def test_several_replies_in_one_input(self):
        done = run("explain", "--json", stdin=f"{UNKNOWN}\n{FULL}\n250 2.0.0 Ok\n")
        self.assertEqual([answer["cause"] for answer in done.objects()][:2], ["recipient.unknown", "recipient.mailbox-full"])
        self.assertEqual(len(done.objects()), 3)
        self.assertEqual(done.status, EXIT_PERMANENT)

    def test_reports_of_several_replies_are_set_apart(self):
        done = run("explain", stdin=f"{UNKNOWN}\n{FULL}\n")
        self.assertEqual(done.lines().count("-" * 80), 1)
        self.assertEqual(len([line for line in done.lines() if line.startswith("> ")]), 2)

    def test_replies_apart_by_blank_lines(self):
        done = run("explain", "--json", stdin="User unknown\n\nMailbox full\n")
        self.assertEqual(len(done.objects()), 2)

    def test_a_reply_of_several_lines_is_one(self):
        lines = "550-5.1.1 The email account that you tried to reach does not exist.\r\n550-5.1.1 Check the address\r\n550 5.1.1 for typos.\r\n"
        answer = explain(lines)
        self.assertEqual((answer["reason"], answer["smtp_code"], answer["status"]), ("user_unknown", "550", "5.1.1"))
        self.assertNotIn("\n", answer["diagnostic"])

    def test_words_of_a_phrase_on_two_lines(self):
        answer = explain("550-5.1.1 <ann@example.com>: User\r\n550 5.1.1 unknown here\r\n")
        self.assertEqual(answer["cause"], "recipient.unknown")

    def test_a_reply_within_a_reply(self):
        answer = explain("554 5.0.0 delivery failed: host mx.example.com[192.0.2.1] said: " + UNKNOWN + " (in reply to RCPT TO command)")
        self.assertEqual((answer["cause"], answer["smtp_code"], answer["status"]), ("recipient.unknown", "550", "5.1.1"))
        self.assertEqual((answer["command"], answer["recipient"]), ("RCPT", "ann@example.com"))

    def test_a_diagnostic_code_field(self):
        answer = explain("smtp; " + UNKNOWN)
        self.assertEqual((answer["cause"], answer["smtp_code"]), ("recipient.unknown", "550"))

    def test_no_code_at_all(self):
        answer = explain("Mailbox full")
        self.assertEqual((answer["reason"], answer["smtp_code"], answer["code_says"]), ("mailbox_full", "", "none"))

    def test_only_a_code(self):
        self.assertEqual(explain("550")["smtp_code"], "550")
        self.assertEqual(explain("5.7.25")["reason"], "rdns_missing")

    def test_gb18030(self):
        answer = explain("550 用户不存在，请核对收件人地址".encode("gb18030"))
        self.assertEqual(answer["cause"], "recipient.unknown")
        self.assertEqual(answer["diagnostic"], "550 用户不存在，请核对收件人地址")
        self.assertEqual(answer["evidence"]["text"], "用户不存在")

    def test_big5(self):
        answer = explain("550 使用者不存在，信箱已停用".encode("big5"))
        self.assertEqual(answer["reason"], "user_unknown")
        self.assertEqual(answer["diagnostic"], "550 使用者不存在，信箱已停用")

    def test_utf8_that_is_broken_is_still_explained(self):
        answer = explain(b"550 5.1.1 User unknown \xff\xfe\xe4")
        self.assertEqual(answer["cause"], "recipient.unknown")

    def test_full_width_letters_and_punctuation(self):
        self.assertEqual(explain("550 ５．７．１：ＲＥＬＡＹＩＮＧ　ＤＥＮＩＥＤ！")["cause"], "relay.denied")
        self.assertEqual(explain("550 ＭＩ：邮箱已满，请稍后再试。")["reason"], "mailbox_full")

    def test_hints(self):
        done = run("explain", "--json", "--provider", "google", "--host", "mx.example.com", "--command", "RCPT", stdin=UNKNOWN)
        answer = done.objects()[0]
        self.assertEqual((answer["provider"], answer["command"]), ("google", "RCPT"))


class Languages(unittest.TestCase):
    def text(self, *options, **env):
        return run("explain", *options, UNKNOWN, env=env).out

    def assert_language(self, text, english, chinese):
        self.assertIs("What happened" in text, english)
        self.assertIs("发生了什么" in text, chinese)

    def test_option(self):
        self.assert_language(self.text("--lang", "en"), True, False)
        self.assert_language(self.text("--lang=zh"), False, True)
        self.assert_language(self.text("-l", "both"), True, True)

    def test_english_before_chinese(self):
        text = self.text("--lang=both")
        self.assertLess(text.index("What happened"), text.index("发生了什么"))

    def test_only_one_language_is_spoken(self):
        self.assertFalse(has_chinese(self.text("--lang=en")))
        self.assertNotRegex(self.text("--lang=zh"), r"\b(The|What|with|server's)\b")

    def test_locale(self):
        cases = [
            ({"LC_ALL": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": "zh_TW.UTF-8"}, True),
            ({"LC_ALL": "de_DE.UTF-8"}, False),
            ({"LC_ALL": None}, False),
            ({"LC_ALL": None, "LANG": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": None, "LC_MESSAGES": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": None, "LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
            ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}, False),
            ({"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LANG": "en_US.UTF-8"}, True),
            ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ]
        for env, chinese in cases:
            with self.subTest(env=env):
                self.assert_language(self.text(**env), not chinese, chinese)

    def test_the_option_goes_before_the_locale(self):
        self.assert_language(self.text("--lang=en", LC_ALL="zh_CN.UTF-8"), True, False)

    def test_the_configuration_goes_before_the_locale(self):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "posthorn.toml"
            config.write_text('[catalogue]\ndirectory = ""\n[explain]\nlanguage = "zh"\n')
            self.assert_language(run("explain", UNKNOWN, config=config).out, False, True)
            self.assert_language(run("explain", "--lang=en", UNKNOWN, config=config).out, True, False)

    def test_messages_in_chinese(self):
        self.assertTrue(has_chinese(run("explain", "--lang=zh", stdin="").err))


class Terminal(unittest.TestCase):
    def test_no_colour_into_a_pipe(self):
        self.assertNotIn("\033", run("explain", UNKNOWN, env={"TERM": "xterm-256color"}).out)

    def test_colour_on_a_terminal(self):
        text = on_terminal(["explain", UNKNOWN], 80, {})
        self.assertIn("\033[", text)
        self.assertEqual(re.sub(r"\033\[[0-9;]*m", "", text), run("explain", UNKNOWN).out)

    def test_no_colour_where_it_is_not_wanted(self):
        plain = run("explain", UNKNOWN).out
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(env=env):
                self.assertEqual(on_terminal(["explain", UNKNOWN], 80, env), plain)
        self.assertIn("\033[", on_terminal(["explain", UNKNOWN], 80, {"NO_COLOR": ""}))  # an empty value says nothing

    def test_width_of_the_terminal(self):
        widest = {}
        for width in (50, 70, 100):
            lines = on_terminal(["explain", "--lang=both", UNKNOWN], width, {"NO_COLOR": "1"}).splitlines()
            widest[width] = max(columns(line) for line in lines)
            self.assertLessEqual(widest[width], width)
            self.assertGreater(widest[width], width - 15)

    def test_a_very_wide_terminal_keeps_lines_readable(self):
        lines = on_terminal(["explain", UNKNOWN], 300, {"NO_COLOR": "1"}).splitlines()
        self.assertLessEqual(max(map(columns, lines)), 100)

    def test_a_terminal_that_does_not_know_its_width(self):
        self.assertEqual(on_terminal(["explain", UNKNOWN], 0, {"NO_COLOR": "1"}), run("explain", UNKNOWN).out)

    def test_explain_without_text_on_a_terminal_says_how(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        done = subprocess.run(command_line("explain"), stdin=slave, capture_output=True, env=environment(), timeout=TIMEOUT, check=False)
        os.close(slave)
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertIn(b"paste the reply", done.stderr)

    def test_no_line_is_wider_than_80_columns(self):
        replies = sample_replies()
        self.assertGreater(len(replies), 1000)
        for language in ("en", "zh"):
            text = run("explain", f"--lang={language}", stdin="\n\n".join(replies)).out
            self.assertGreater(len(text), 500 * len(replies))
            # A URL or a name that is longer than a line has no place to break.
            one_word = re.compile(r"(> )? *[!-~]+[，。；：、）”]*")
            for line in text.splitlines():
                if columns(line) > 80 and not one_word.fullmatch(line):
                    self.fail(f"{language}: {columns(line)} columns: {line}")

    def test_no_blank_ends_a_line(self):
        for language in ("en", "zh"):
            text = run("explain", f"--lang={language}", stdin="\n\n".join(sample_replies())).out
            ends = {line for line in text.splitlines() if line != line.rstrip(" ")}
            self.assertFalse(ends, f"{language}: {sorted(ends)[:3]}")


class Json(unittest.TestCase):
    def test_every_field_is_there_in_its_order(self):
        answer = explain(UNKNOWN)
        self.assertEqual([name for name in answer if name not in OPTIONAL], FIELDS)
        self.assertEqual(list(answer["evidence"]), EVIDENCE_FIELDS)
        self.assertEqual(list(answer["explain"]), ["en", "zh"])

    def test_values(self):
        answer = explain(UNKNOWN)
        evidence, said = answer.pop("evidence"), answer.pop("explain")
        self.assertEqual(answer, {
            "reason": "user_unknown", "cause": "recipient.unknown", "kind": "bounce", "action": "failed", "permanent": True,
            "code_says": "permanent", "fault": "sender-list", "advice": "remove-address", "retry": "never", "smtp_code": "550",
            "status": "5.1.1", "status_source": "diagnostic", "command": "", "recipient": "ann@example.com", "provider": "",
            "confidence": 0.9, "diagnostic": UNKNOWN})
        self.assertEqual(evidence, {"rule": "recipient.unknown/unknown", "tier": "text", "text": "User unknown", "start": 29, "end": 41})
        self.assertIn("ann@example.com", said["en"])
        self.assertIn("ann@example.com", said["zh"])
        self.assertTrue(has_chinese(said["zh"]) and not has_chinese(said["en"]))

    def test_a_reply_that_can_wait(self):
        answer = explain("450 4.7.1 Greylisted, please try again in 300 seconds")
        self.assertEqual((answer["kind"], answer["action"], answer["permanent"]), ("delay", "delayed", False))
        self.assertEqual(answer["retry_after"], 300)

    def test_a_reply_that_is_no_failure(self):
        answer = explain("250 2.0.0 Ok: queued as 12345")
        self.assertEqual((answer["kind"], answer["action"], answer["code_says"], answer["permanent"]), ("success", "delivered", "none", False))

    def test_a_block_list(self):
        answer = explain("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
                         "https://www.spamhaus.org/query/ip/192.0.2.1")
        self.assertEqual(list(answer["blocklist"]), BLOCK_LIST_FIELDS)
        self.assertEqual(answer["blocklist"]["ip"], "192.0.2.1")
        self.assertEqual(answer["reason"], "ip_blocked")

    def test_all_samples(self):
        replies = sample_replies()
        done, answers = batch([{"id": number, "text": reply} for number, reply in enumerate(replies)])
        self.assertEqual((done.status, len(answers)), (EXIT_OK, len(replies)), done.err)
        for reply, answer in zip(replies, answers):
            with self.subTest(reply=reply):
                self.check(reply, answer)

    def check(self, reply, answer):
        self.assertEqual([name for name in answer if name not in OPTIONAL], FIELDS)
        self.assertIn(answer["kind"], ("success", "delay", "bounce"))
        self.assertIn(answer["action"], ("delivered", "delayed", "failed"))
        self.assertIn(answer["code_says"], ("none", "transient", "permanent"))
        self.assertIn(answer["fault"], ("sender", "sender-admin", "sender-list", "recipient", "recipient-admin", "network", "admin",
                                        "nobody", "unknown"))
        self.assertIn(answer["retry"], ("automatic", "slower", "later", "after-fix", "never"))
        # RFC 3463 2 has no class for a go-ahead.
        wanted = r"^$" if answer["smtp_code"].startswith("3") else r"^[245]\.\d{1,3}\.\d{1,3}$"
        self.assertRegex(answer["status"], wanted)
        self.assertIn(answer["status_source"], ("diagnostic", "inferred"))
        self.assertTrue(0 < answer["confidence"] <= 1)
        self.assertIn(answer["evidence"]["tier"], TIERS)
        self.assertTrue(answer["evidence"]["rule"].startswith(answer["cause"]))
        self.assertGreater(answer.get("retry_after", 1), 0)
        self.assertTrue(not answer["permanent"] or answer["code_says"] != "transient")
        self.check_evidence(reply, answer["evidence"])

    def check_evidence(self, reply, evidence):
        """start and end are byte offsets of the words in the reply's UTF-8 text."""
        found = reply.encode()[evidence["start"]:evidence["end"]].decode()
        self.assertEqual(found, evidence["text"])
        if evidence["tier"] in ("host-text", "text", "word"):
            self.assertEqual(found, found.strip())

    def test_evidence_in_other_charsets_counts_utf8_bytes(self):
        for charset in ("gb18030", "utf-8"):
            text = "550 系统提示：用户不存在"
            evidence = explain(text.encode(charset))["evidence"]
            self.assertEqual(evidence["text"], "用户不存在")
            self.assertEqual(text.encode()[evidence["start"]:evidence["end"]].decode(), "用户不存在")

    def test_evidence_across_lines_and_in_the_second_reply(self):
        first, second = "450-4.2.2 The mailbox\r\n450 4.2.2 is full\r\n", UNKNOWN
        answers = run("explain", "--json", stdin=first + second).objects()
        self.assertEqual(len(answers), 2)
        self.check_evidence(first, answers[0]["evidence"])
        self.check_evidence(second, answers[1]["evidence"])

    def test_one_line_each(self):
        done = run("explain", "--json", stdin="550-5.1.1 User\n550 5.1.1 unknown\n")
        self.assertEqual(done.out.count("\n"), 1)


class Batch(unittest.TestCase):
    def test_every_line_has_its_answer_and_id(self):
        ids = ["a", "ü中", "", 7, -1.5, None, True, "x\"y\\z"]
        done, answers = batch([{"id": identity, "text": UNKNOWN} for identity in ids])
        self.assertEqual(done.status, EXIT_OK, done.err)
        self.assertEqual([answer["id"] for answer in answers], ids)
        self.assertEqual([name for name in answers[0] if name not in OPTIONAL], FIELDS)

    def test_answers_are_those_of_explain(self):
        replies = sample_replies()[:50]
        _, answers = batch([{"id": 1, "text": reply} for reply in replies])
        for reply, answer in zip(replies, answers):
            answer.pop("id")
            self.assertEqual(answer, explain(reply))

    def test_hints(self):
        _, answers = batch([{"id": 1, "text": UNKNOWN, "provider": "google", "host": "mx.example.com", "command": "RCPT", "later": {"x": [1]}}])
        self.assertEqual((answers[0]["provider"], answers[0]["command"]), ("google", "RCPT"))

    def test_bad_lines_are_told_and_the_others_answered(self):
        bad = ["not json", "[]", "{}", '{"id": "a"}', '{"id": [1], "text": "x"}', '{"id": 1, "text": 5}', '{"id": 1, "text": "x"',
               '{"id":1,"text":"x"} {}', "\x00"]
        lines = [json.dumps({"id": 0, "text": UNKNOWN}), *bad, json.dumps({"id": 99, "text": FULL})]
        done = run("explain", "--batch", stdin="\n".join(lines) + "\n")
        answers = done.objects()
        self.assertEqual(done.status, EXIT_DATA)
        self.assertIn("error", done.err)
        self.assertEqual(len(answers), len(lines))
        self.assertEqual((answers[0]["id"], answers[-1]["id"]), (0, 99))
        for number, answer in enumerate(answers[1:-1], start=2):
            with self.subTest(line=lines[number - 1]):
                self.assertEqual(list(answer), ["id", "error"])
                self.assertTrue(answer["error"].startswith(f"line {number}: "), answer["error"])

    def test_a_line_too_long_is_told_and_the_rest_answered(self):
        long = json.dumps({"id": 1, "text": "550 " + "x" * (2 << 20)})
        done = run("explain", "--batch", stdin=f'{long}\n{json.dumps({"id": 2, "text": UNKNOWN})}\n')
        answers = done.objects()
        self.assertEqual((done.status, len(answers)), (EXIT_DATA, 2))
        self.assertIn("longer than 1 MiB", answers[0]["error"])
        self.assertEqual(answers[1]["cause"], "recipient.unknown")

    def test_lines_count_as_the_input_has_them(self):
        """A blank line has no answer but is a line: the number in a message is the one an editor shows."""
        done = run("explain", "--batch", stdin=f'{json.dumps({"id": 1, "text": UNKNOWN})}\n\nnot json\n')
        self.assertTrue(done.objects()[1]["error"].startswith("line 3: "), done.out)

    def test_no_line_end_at_the_end_and_carriage_returns(self):
        line = json.dumps({"id": 1, "text": UNKNOWN})
        self.assertEqual(len(run("explain", "--batch", stdin=f"{line}\r\n{line}").objects()), 2)

    def test_nothing_in_nothing_out(self):
        done = run("explain", "--batch")
        self.assertEqual((done.status, done.out), (EXIT_OK, ""))

    def test_words_are_refused(self):
        done = run("explain", "--batch", UNKNOWN)
        self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))


class SameInSameOut(unittest.TestCase):
    def test_bytes_do_not_depend_on_the_run_or_the_environment(self):
        text = "\n\n".join(sample_replies()[:400])
        noise = {"PYTHONHASHSEED": "77", "RANDOM": "3", "TZ": "Asia/Shanghai", "LC_NUMERIC": "de_DE.UTF-8", "LC_CTYPE": "zh_CN.GB18030",
                 "COLUMNS": "33", "MALLOC_PERTURB_": "165", "A" * 3000: "z" * 5000}
        for options in (["--json"], ["--lang=both"]):
            first = run("explain", *options, stdin=text).raw
            self.assertEqual(run("explain", *options, stdin=text).raw, first)
            self.assertEqual(run("explain", *options, stdin=text, env=noise).raw, first)

    def test_a_reply_does_not_depend_on_those_before_it(self):
        replies = sample_replies()
        forward = {reply: explained for reply, explained in zip(replies, batch([{"text": reply} for reply in replies])[1])}
        backward = list(reversed(replies))
        for reply, answer in zip(backward, batch([{"text": reply} for reply in backward])[1]):
            self.assertEqual(answer, forward[reply])


class ExitStatus(unittest.TestCase):
    def status(self, *words, **more):
        return run("explain", *words, **more).status

    def test_what_the_reply_means(self):
        self.assertEqual(self.status("250 2.0.0 Ok"), EXIT_OK)
        self.assertEqual(self.status(FULL), EXIT_TEMPORARY)
        self.assertEqual(self.status("550 System is busy"), EXIT_TEMPORARY)
        self.assertEqual(self.status(UNKNOWN), EXIT_PERMANENT)
        self.assertEqual(self.status("554 Transaction failed"), EXIT_UNDETERMINED)

    def test_of_several_the_gravest(self):
        self.assertEqual(self.status(stdin=f"{FULL}\n{UNKNOWN}\n250 Ok\n"), EXIT_PERMANENT)
        self.assertEqual(self.status(stdin=f"554 Transaction failed\n{FULL}\n"), EXIT_TEMPORARY)
        self.assertEqual(self.status(stdin="250 Ok\n554 Transaction failed\n"), EXIT_UNDETERMINED)

    def test_json_ends_the_same_way(self):
        for reply in ("250 2.0.0 Ok", FULL, UNKNOWN, "554 Transaction failed"):
            self.assertEqual(self.status(reply), self.status("--json", reply))

    def assert_refused(self, done, status, message):
        self.assertEqual((done.status, done.out), (status, ""))
        self.assertTrue(done.err.startswith("posthorn: "), done.err)
        self.assertEqual(done.err.count("\n"), 1, done.err)
        self.assertIn(message, done.err)

    def test_wrong_command_lines(self):
        cases = [
            (["--bogus"], "--json"),
            (["-x"], "there is no option"),
            (["--lang", "fr", "x"], "en zh both"),
            (["--lang"], "needs LANG"),
            (["--json=1", "x"], "takes no value"),
            (["--provider", "nobody", "x"], "no provider is called"),
            (["--command", "XYZZY", "x"], "RCPT"),
        ]
        for words, message in cases:
            with self.subTest(words=words):
                self.assert_refused(run("explain", *words), EXIT_USAGE, message)

    def test_empty_input(self):
        for text in ("", "\n", " \r\n\t\n"):
            self.assert_refused(run("explain", stdin=text), EXIT_DATA, "empty")
        self.assert_refused(run("explain", ""), EXIT_DATA, "empty")

    def test_binary_input(self):
        for data in (bytes(range(256)) * 10, b"\x7fELF\x02\x01\x01\x00", b"550 5.1.1 User\x00unknown"):
            self.assert_refused(run("explain", stdin=data), EXIT_DATA, "binary")

    def test_files_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = Path(folder) / "none.txt"
            self.assert_refused(run("explain", "--file", missing), EXIT_NO_INPUT, str(missing))
            self.assert_refused(run("explain", "--file", folder), EXIT_NO_INPUT, "directory")
            self.assert_refused(run("explain", "--file", "/proc/self/mem"), EXIT_NO_INPUT, "/proc/self/mem")  # opens, but has nothing at 0
            closed = Path(folder) / "closed.txt"
            closed.write_text(UNKNOWN)
            closed.chmod(0)
            if os.access(closed, os.R_OK):
                self.skipTest("root reads everything: no file can be closed to it")
            self.assert_refused(run("explain", "--file", closed), EXIT_NO_INPUT, str(closed))

    def test_output_that_cannot_be_written(self):
        for options in ([], ["--json"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(command_line("explain", *options, UNKNOWN), stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE,
                                      env=environment(), timeout=TIMEOUT, check=False)
            self.assertEqual(done.returncode, EXIT_IO)
            self.assertIn(b"cannot write the output", done.stderr)

    def test_a_reader_that_goes_away_is_no_error(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(command_line("explain", UNKNOWN), stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE,
                              env=environment(), timeout=TIMEOUT, check=False)
        os.close(writer)
        self.assertEqual((done.returncode, done.stderr), (EXIT_PERMANENT, b""))


class TooMuch(unittest.TestCase):
    def feed(self, words, piece, size):
        """Runs with `size` bytes on standard input, written as long as they are taken; the Run and its peak memory in KiB."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(command_line(*words), stdin=subprocess.PIPE, stdout=out, stderr=err, bufsize=0, env=environment())
            with contextlib.suppress(BrokenPipeError):
                for _ in range(size // len(piece)):
                    process.stdin.write(piece)
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            done = posthorn_tool.Run(subprocess.CompletedProcess([], process.returncode, out.read(), err.read()))
            return done, usage.ru_maxrss

    def assert_little_memory(self, kib):
        if not posthorn_tool.SANITIZED:  # a sanitizer's shadow is not the program's memory
            self.assertLess(kib, 64 * 1024)

    def test_a_hundred_megabytes_are_refused(self):
        done, memory = self.feed(["explain"], b"550 5.1.1 User unknown\n" * 4096, 100_000_000)
        self.assertEqual((done.status, done.out), (EXIT_DATA, ""))
        self.assertRegex(done.err, "standard input: larger than 8 MiB")
        self.assert_little_memory(memory)

    def test_a_hundred_megabytes_without_a_line_end_in_a_batch(self):
        done, memory = self.feed(["explain", "--batch"], b"x" * 65536, 100_000_000)
        self.assertEqual(done.status, EXIT_DATA)
        self.assertEqual(len(done.lines()), 1)
        self.assertIn("longer than 1 MiB", done.out)
        self.assert_little_memory(memory)

    def test_one_long_reply(self):
        answer = explain("550 5.1.1 User unknown " + "x " * 500_000)
        self.assertEqual(answer["cause"], "recipient.unknown")
        done = run("explain", stdin="550 5.1.1 User unknown " + "y" * 5_000_000)
        self.assertEqual(done.status, EXIT_PERMANENT)
        self.assertLess(len(done.out), 10_000)


class Hostile(unittest.TestCase):
    EVIL = ["\033[31m", "\033]0;title\007", "\033[2J\033[H", "\u009b31m", "\u202e", "\u2066", "\r", "\b\b\b", "\x7f", "\x01"]
    STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
    REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")

    def assert_clean(self, text, for_people=True):
        self.assertNotRegex(text, self.STEERING)
        if for_people:  # in JSON a program gets what stood there
            self.assertNotRegex(text, self.REORDERING)

    def test_nothing_of_a_reply_steers_the_terminal(self):
        for evil in self.EVIL:
            reply = f"550 5.1.1 <a{evil}nn@example.com>: {evil} User unknown {evil} see https://example.com/{evil}x"
            for options in (["--lang=both"], ["--json"]):
                with self.subTest(evil=evil, options=options):
                    done = run("explain", *options, reply)
                    self.assert_clean(done.out, for_people="--json" not in options)
                    self.assert_clean(done.err)

    def test_nor_with_colour_on(self):
        text = on_terminal(["explain", f"550 5.1.1 \033[31m\033]0;x\a User unknown"], 80, {})
        self.assert_clean(re.sub(r"\033\[[012]m", "", text))

    def test_messages_are_clean_too(self):
        for words in (["explain", "--file", "/none\033[31m"], ["explain", "--\033[31m"], ["explain", "--provider", "\033[31m", "x"], ["\033[31m"],
                      ["codes", "\033[31m"], ["help", "\033[31m"], ["catalogue", "show", "\033[31m"], ["catalogue", "check", "/none\033[31m"]):
            with self.subTest(words=words):
                self.assert_clean(run(*words).err)

    def test_long_and_odd_replies_end(self):
        for text in ("550 " + "<" * 100_000, "5" * 100_000, "550-" * 50_000, "550-x\n" * 50_000, "(#5.7.1)" * 20_000, "a@" * 100_000,
                     "http://" * 50_000, "host x said: " * 20_000 + UNKNOWN, "用" * 100_000, "\u0301" * 100_000, "{address|x}" * 1000):
            with self.subTest(text=text[:20]):
                self.assertIn(run("explain", "--json", stdin=text).status, (EXIT_TEMPORARY, EXIT_PERMANENT, EXIT_UNDETERMINED, EXIT_OK))


if __name__ == "__main__":
    unittest.main()
