# tests/interop/relay_test.py: Posthorn and another mail server, both ways: what a client gives to one arrives at the end behind the other
# with the same octets and the same wishes. A test class for each peer.
import unittest

from interop import bounce, clients, mails
from interop.peers import Exim, OpenSmtpd, Postfix
from interop.server import DOMAIN, Posthorn
from interop.sink import Sink

SENDER = f"ann@{DOMAIN}"  # at home with us: her bounces and reports come into her Maildir
HERE = f"ben@{DOMAIN}"
DSN_MAIL, DSN_RCPT = ["RET=HDRS", "ENVID=QQ314159"], ["NOTIFY=SUCCESS,FAILURE", "ORCPT=rfc822;ben+2Bnews@remote.example"]


class FromUs:
    """Client → Posthorn → peer → sink."""
    kind = None
    passes_dsn_on = True

    def setUp(self):
        self.sink = Sink().start()
        self.addCleanup(self.sink.stop)
        self.peer = self.kind(self.sink.port)
        self.addCleanup(self.peer.stop)
        self.peer.start()
        self.posthorn = Posthorn(self.peer.port)
        self.addCleanup(self.posthorn.clean)
        self.posthorn.start()

    def relayed(self, content, *options, sender=SENDER, recipient=mails.RECIPIENT):
        sent = clients.send_smtplib(self.posthorn.port, sender, [recipient], content, *options)
        self.assertTrue(sent.accepted, sent)
        try:
            (message,) = self.sink.wait(1, 60)
        except AssertionError as error:
            self.fail(f"{error}\n{self.posthorn.logs()[-4000:]}\n{self.peer.logs()[-4000:]}")
        self.assertEqual((message.reverse_path, message.to), (sender, [recipient]))
        return message

    def test_plain(self):
        message = self.relayed(mails.PLAIN)
        self.assertEqual(message.body, mails.body_of(mails.PLAIN))
        self.assertIn(DOMAIN.encode(), message.header)  # our Received:

    def test_eight_bit(self):
        self.assertEqual(self.relayed(mails.EIGHT_BIT, ["BODY=8BITMIME"]).body, mails.body_of(mails.EIGHT_BIT))

    def test_utf8(self):
        message = self.relayed(mails.UTF8, ["SMTPUTF8", "BODY=8BITMIME"], sender=mails.UTF8_SENDER, recipient=mails.UTF8_RECIPIENT)
        self.assertIn("SMTPUTF8", message.parameters)
        self.assertEqual(message.body, mails.body_of(mails.UTF8))
        self.assertIn("邮件 – ünïcode".encode(), message.header)

    def test_dsn_parameters(self):
        message = self.relayed(mails.PLAIN, DSN_MAIL, DSN_RCPT)
        self.assertEqual((message.parameters.get("RET"), message.parameters.get("ENVID")), ("HDRS", "QQ314159"))
        ((_, parameters),) = message.recipients
        self.assertEqual(set(parameters["NOTIFY"].split(",")), {"SUCCESS", "FAILURE"})
        self.assertEqual(parameters["ORCPT"].lower(), "rfc822;ben+2bnews@remote.example")

    def test_ten_megabytes(self):
        content = mails.large()
        self.assertTrue(self.relayed(content).body == mails.body_of(content), "the body was changed")


class ToUs:
    """Client → peer → Posthorn → Maildir."""
    kind = None

    def setUp(self):
        self.posthorn = Posthorn()
        self.addCleanup(self.posthorn.clean)
        self.posthorn.start()
        self.peer = self.kind(self.posthorn.port)
        self.addCleanup(self.peer.stop)
        self.peer.start()

    def delivered(self, content, *options, sender=mails.SENDER, recipient=HERE, user="ben"):
        sent = clients.send_smtplib(self.peer.port, sender, [recipient], content, *options)
        self.assertTrue(sent.accepted, sent)
        try:
            (message,) = self.posthorn.mail_for(user)
        except AssertionError as error:
            self.fail(f"{error}\n{self.peer.logs()[-4000:]}")
        self.assertTrue(message.startswith(f"Return-Path: <{sender}>\nDelivered-To: {recipient}\n".encode()), message[:200])
        self.assertNotIn(b"\r", message)
        return message

    def test_plain(self):
        self.assertEqual(mails.body_of(self.delivered(mails.PLAIN)), mails.with_lf(mails.body_of(mails.PLAIN)))

    def test_eight_bit(self):
        self.assertEqual(mails.body_of(self.delivered(mails.EIGHT_BIT, ["BODY=8BITMIME"])), mails.with_lf(mails.body_of(mails.EIGHT_BIT)))

    def test_utf8(self):
        message = self.delivered(mails.UTF8, ["SMTPUTF8", "BODY=8BITMIME"], sender=mails.UTF8_SENDER, recipient=f"用户@{DOMAIN}", user="用户")
        self.assertEqual(mails.body_of(message), mails.with_lf(mails.body_of(mails.UTF8)))

    def test_a_delivery_report_comes_back(self):
        self.delivered(mails.PLAIN, DSN_MAIL, ["NOTIFY=SUCCESS", f"ORCPT=rfc822;{HERE}"], sender=SENDER)
        (report,) = self.posthorn.mail_for("ann")
        self.assertTrue(report.startswith(b"Return-Path: <>\n"), report[:100])
        for field in (b"Original-Envelope-Id: QQ314159", b"Action: delivered", b"Final-Recipient: rfc822; " + HERE.encode()):
            self.assertIn(field.lower(), report.lower())

    def test_ten_megabytes(self):
        content = mails.large()
        self.assertTrue(mails.body_of(self.delivered(content)) == mails.with_lf(mails.body_of(content)), "the body was changed")


class FromUsToPostfix(FromUs, unittest.TestCase):
    kind = Postfix


class FromPostfixToUs(ToUs, unittest.TestCase):
    kind = Postfix


class FromUsToExim(FromUs, unittest.TestCase):
    kind = Exim


class FromEximToUs(ToUs, unittest.TestCase):
    kind = Exim


class FromUsToOpenSmtpd(FromUs, unittest.TestCase):
    kind = OpenSmtpd

    def test_utf8(self):
        """OpenSMTPD has no SMTPUTF8: such a message comes back and says so (situation 123)."""
        sent = clients.send_smtplib(self.posthorn.port, SENDER, [mails.UTF8_RECIPIENT], mails.UTF8, ["SMTPUTF8", "BODY=8BITMIME"])
        self.assertTrue(sent.accepted, sent)
        (report,) = self.posthorn.mail_for("ann")
        self.assertIn(b"Status: 5.6.7", report)
        self.assertEqual(self.sink.messages(), [])


class FromOpenSmtpdToUs(ToUs, unittest.TestCase):
    kind = OpenSmtpd
    test_utf8 = None  # it takes no such message from the client


class Bounces(unittest.TestCase):
    """What our bounces say to the parser of others."""

    def bounce_of(self, answers, **settings):
        sink = Sink(answers=answers).start()
        self.addCleanup(sink.stop)
        posthorn = Posthorn(sink.port, settings)
        self.addCleanup(posthorn.clean)
        posthorn.start()
        sent = clients.send_smtplib(posthorn.port, SENDER, [mails.RECIPIENT], mails.PLAIN)
        self.assertTrue(sent.accepted, sent)
        (report,) = posthorn.mail_for("ann")
        found = bounce.parse(report)
        self.assertEqual(len(found), 1, report.decode(errors="replace"))
        return report, found[0]

    def test_an_unknown_user(self):
        report, found = self.bounce_of({"RCPT": lambda path: "550 5.1.1 <ben@remote.example>: User unknown"})
        self.assertEqual((found["recipient"], found["reason"], found["deliverystatus"], found["action"]),
                         (mails.RECIPIENT, "userunknown", "5.1.1", "failed"), report.decode(errors="replace"))
        self.assertEqual((found["addresser"], found["subject"]), (mails.SENDER, "plain"))  # of the message that came back
        self.assertIn("User unknown", found["diagnosticcode"])

    def test_a_full_mailbox(self):
        _, found = self.bounce_of({"RCPT": lambda path: "552 5.2.2 Mailbox full"})
        self.assertEqual((found["reason"], found["deliverystatus"]), ("mailboxfull", "5.2.2"))

    def test_a_message_that_is_too_large(self):
        _, found = self.bounce_of({"MAIL": lambda path: "552 5.3.4 Message size exceeds fixed limit"})
        self.assertEqual((found["reason"], found["deliverystatus"]), ("mesgtoobig", "5.3.4"))

    def test_reads_like_a_bounce_of_postfix(self):
        """The same refusal, returned by both: Sisimai finds the same in them."""
        refusals = ["550 5.1.1 <ben@remote.example>: Recipient address rejected: User unknown in virtual mailbox table",
                    "550 5.7.1 Spam message rejected", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
                    "550 5.7.25 Client host rejected: cannot find your hostname", "550 User ben@remote.example has exceeded his quota",
                    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"]
        sink = Sink(answers={"RCPT": lambda path: refusals[0] if "ben@" in path else None}).start()
        self.addCleanup(sink.stop)
        postfix = Postfix(sink.port)
        self.addCleanup(postfix.stop)
        postfix.start()
        posthorn = Posthorn(sink.port)
        self.addCleanup(posthorn.clean)
        posthorn.start()
        seen = set()
        while refusals:
            count = len(seen) + 1
            with self.subTest(refusal=refusals[0]):
                for server in (postfix, posthorn):
                    self.assertTrue(clients.send_smtplib(server.port, SENDER, [mails.RECIPIENT], mails.PLAIN).accepted)
                theirs = sink.wait(count)[-1].content
                (ours,) = set(posthorn.mail_for("ann", count)) - seen
                seen.add(ours)
                facts = [[{name: found[name] for name in ("recipient", "reason", "deliverystatus", "action", "softbounce")} for found in bounce.parse(mail)]
                         for mail in (ours, theirs)]
                self.assertEqual(len(facts[0]), 1)
                self.assertEqual(facts[0], facts[1])
            refusals.pop(0)


if __name__ == "__main__":
    unittest.main()
