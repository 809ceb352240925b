# tests/replies/replies_test.py: every reply of replies.tsv is explained rightly: its reason and cause, what its code claims, whether
# it ends the delivery, and words that fit it in both languages.
import re
import tomllib
import unittest

import posthorn_tool
from posthorn_tool import ROOT, has_chinese, tsv_rows

ROWS = tsv_rows(ROOT / "tests/replies/replies.tsv")
NO_FAILURE = {"delivered", "not_bounce"}

# Replies whose explanation must say certain things: the start of the reply, then patterns for the English and the Chinese text.
SAID = [
    ("450 Client host rejected, Cannot resolve PTR", [r"\bPTR\b", r"reverse"], [r"PTR", r"反向解析"]),
    ("450 Client host rejected: cannot find your reverse hostname", [r"\bPTR\b", r"192\.0\.2\.1"], [r"PTR|反向解析", r"192\.0\.2\.1"]),
    ("550 Relaying denied. IP name lookup failed", [r"\bPTR\b"], [r"PTR|反向解析"]),
    ("550 IP name lookup failed", [r"\bPTR\b"], [r"PTR|反向解析"]),
    ("550 DNS FAILURE", [r"\bDNS\b", r"reverse name"], [r"DNS", r"反向解析"]),
    ("451 qq trouble creating files in queue", [r"disk|space|storage"], [r"磁盘|空间"]),
    ("451 queuename: Cannot create", [r"disk|space|storage"], [r"磁盘|空间"]),
    ("451 Requested action aborted, errno=28.", [r"disk|space|storage"], [r"磁盘|空间"]),
    ("452 Requested action not taken: insufficient", [r"disk|space|storage"], [r"磁盘|空间"]),
    ("452 Message for would exceed mailbox quota", [r"quota|room|space"], [r"配额|容量|空间|满"]),
    ("552 Requested mail action aborted: exceeded storage", [r"quota|full"], [r"容量|空间|满"]),
    ("554 delivery error: dd Sorry, your message", [r"quota|full", r"nobody@yahoo\.example"], [r"容量|空间|满"]),
    ("554 delivery error: dd This user doesn't have", [r"Yahoo", r"nobody@yahoo\.example"], [r"Yahoo|雅虎"]),
    ("454 Client was not authenticated", [r"log(ged)? ?in|login|authenticat"], [r"登录|身份验证"]),
    ("505 client was not authenticated", [r"log(ged)? ?in|login|authenticat"], [r"登录|身份验证"]),
    ("553 authentication is required to send mail as", [r"log(ged)? ?in|login|authenticat"], [r"登录|身份验证"]),
    ("535 Error:authenticatin failed", [r"password"], [r"密码|授权码"]),
    ("535 Authentication unsuccessful", [r"password"], [r"密码|授权码"]),
    ("454 4.7.0 TLS not available", [r"\bTLS\b", r"certificate|key"], [r"TLS", r"证书|私钥"]),
    ("440 mail address error", [r"sender", r"account|log"], [r"发件人", r"登录账号"]),
    ("472 sender@mail.example.tw", [r"mail\.example\.tw"], [r"mail\.example\.tw"]),
    ("501 Domain of sender address", [r"mail\.example\.tw", r"domain"], [r"mail\.example\.tw", r"域名"]),
    ("503 Either sender or receiver", [r"relay|pass .*on|forward"], [r"中继|转发"]),
    ("550 Relaying is prohibited", [r"relay|pass .*on|forward"], [r"中继|转发"]),
    ("550 <nobody@example.com>:local user only", [r"relay|pass .*on|forward"], [r"中继|转发"]),
    ("553 sorry, that domain isn't in my list", [r"relay|pass .*on|forward", r"rcpthosts|domain"], [r"中继|转发"]),
    ("550 REJECT SMTP Protocol Returned", [r"%"], [r"%"]),
    ("521 This system is configured to reject mail from", [r"192\.0\.2\.48"], [r"192\.0\.2\.48"]),
    ("552 Sorry, we don't allow mail from your host.", [r"refuses|blocks?\b|list"], [r"封禁|拒收|名单"]),
    ("550 System is busy", [r"busy", r"again in half an hour"], [r"繁忙|太忙"]),
    ("550 Subj similar too many!!", [r"[Ss]ubject"], [r"主题"]),
    ("571 we don't accept junk mail", [r"spam|junk"], [r"垃圾邮件"]),
    ("551 User not local; please try", [r"nobody@mail\.example\.net|address"], [r"地址"]),
    ("503 5.0.0 polite people say HELO first", [r"HELO|EHLO"], [r"HELO|EHLO"]),
    ("503 need mail before RCPT", [r"MAIL"], [r"MAIL"]),
    ("501 no local part", [r"@"], [r"@"]),
    ("553 <nobody>… domain name required", [r"domain after the @"], [r"域名"]),
    ("550 I don't know", [r"not say why|says? no"], [r"没说原因|没有说明"]),
    ("554 Transaction failed", [r"not say why"], [r"没说原因|没有说明"]),
    ("354 Start Mail input", [r"no error|go-ahead"], [r"不是错误|继续"]),
]


def natures():
    """The nature of each reason, from the table that the program itself is made of."""
    source = (ROOT / "src/status/reason.cc").read_text(encoding="utf-8")
    return dict(re.findall(r'Reason\{"(\w+)".*?Permanence::(\w+)', source))


def nature_of(cause, reason_natures):
    family, name = cause.split(".")
    data = tomllib.loads((ROOT / "catalogue" / family / f"{name}.toml").read_text(encoding="utf-8"))
    return data.get("permanence", reason_natures[data["reason"]])


class Replies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.natures = natures()
        cls.done, answers = posthorn_tool.batch([{"id": number, "text": row["reply"]} for number, row in enumerate(ROWS)])
        cls.answers = answers

    def test_the_table_is_whole(self):
        self.assertEqual(len(ROWS), 87)
        self.assertEqual(len({row["code"] for row in ROWS}), 20)
        self.assertEqual(len({row["reply"] for row in ROWS}), len(ROWS))
        for row in ROWS:
            self.assertTrue(row["reply"].startswith(row["code"] + " "), row["reply"])

    def test_every_reply_has_one_answer(self):
        self.assertEqual(self.done.status, 0, self.done.err)
        self.assertEqual([answer["id"] for answer in self.answers], list(range(len(ROWS))))

    def test_every_row(self):
        for row, answer in zip(ROWS, self.answers):
            with self.subTest(reply=row["reply"]):
                self.check(row, answer)

    def check(self, row, answer):
        accepted = NO_FAILURE if row["reason"] == "-" else set(row["reason"].split("|"))
        self.assertIn(answer["reason"], accepted)
        self.assertEqual(answer["cause"], row["cause"])
        self.assertEqual(answer["code_says"], row["permanence"])
        self.assertEqual(answer["smtp_code"], row["code"])
        self.assertIs(answer["permanent"], self.ends(row))
        self.check_status(row, answer)
        self.check_languages(answer)

    def ends(self, row):
        """A 4yz reply is retried whatever its cause; a 5yz reply is as permanent as its cause is by nature."""
        return row["permanence"] == "permanent" and nature_of(row["cause"], self.natures) != "temporary"

    def check_status(self, row, answer):
        own = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", row["reply"])
        if own and answer["status_source"] == "diagnostic":
            self.assertEqual(answer["status"], own.group())
        elif row["enhanced_status"]:
            self.assertIn(answer["status"], row["enhanced_status"].split("|"))

    def check_languages(self, answer):
        en, zh = answer["explain"]["en"], answer["explain"]["zh"]
        self.assertGreater(len(en), 80)
        self.assertGreater(len(zh), 40)
        self.assertFalse(has_chinese(re.sub("“[^”]*”", "", en)), en)
        self.assertTrue(has_chinese(zh), zh)
        for text in (en, zh):
            self.assertNotRegex(text, r"\{(address|domain|ip|host|url|list|limit|wait|tag)\b", "a place was not filled")

    def test_the_words_fit_the_row(self):
        by_reply = {row["reply"]: answer for row, answer in zip(ROWS, self.answers)}
        for start, english, chinese in SAID:
            with self.subTest(reply=start):
                found = [answer for reply, answer in by_reply.items() if reply.startswith(start)]
                self.assertTrue(found, "no row begins so")
                for answer in found:
                    for pattern in english:
                        self.assertRegex(answer["explain"]["en"], pattern)
                    for pattern in chinese:
                        self.assertRegex(answer["explain"]["zh"], pattern)

    def test_what_a_permanent_code_hides(self):
        """Replies whose code says "for good" though the cause passes."""
        by_reply = {row["reply"]: answer for row, answer in zip(ROWS, self.answers)}
        self.assertFalse(by_reply["550 System is busy"]["permanent"])
        self.assertFalse(by_reply["552 Requested mail action aborted: exceeded storage allocation"]["permanent"])
        self.assertTrue(by_reply["550 User unknown"]["permanent"])

    def test_an_honest_answer_to_a_reply_that_says_nothing(self):
        by_reply = {row["reply"]: answer for row, answer in zip(ROWS, self.answers)}
        for reply in ("550 I don't know", "554 Transaction failed"):
            self.assertLess(by_reply[reply]["confidence"], 0.5, reply)
        self.assertGreaterEqual(by_reply["550 User unknown"]["confidence"], 0.8)


if __name__ == "__main__":
    unittest.main()
