# tests/interop/peers_test.py: the harness itself: each peer takes a mail from each client and hands it on to a sink unharmed, and a
# bounce of another server is read by Sisimai. When this fails, the tests with Posthorn in them say nothing.
import unittest

from interop import bounce, clients, mails
from interop.peers import Dovecot, Exim, OpenSmtpd, Postfix
from interop.peers.peer import greeting
from interop.sink import Sink, wait_until


class Relay:
    """The tests of one peer that relays."""
    kind = None

    def setUp(self):
        self.sink = Sink().start()
        self.addCleanup(self.sink.stop)
        self.peer = self.kind(self.sink.port)
        self.addCleanup(self.peer.stop)
        self.peer.start()

    def relayed(self):
        try:
            return self.sink.wait(1, 30)[-1]
        except AssertionError as error:
            self.fail(f"{error}\n{self.peer.logs()}")

    def test_relays_what_each_client_sends(self):
        for count, (name, send) in enumerate(clients.PROGRAMS.items(), 1):
            with self.subTest(client=name):
                sent = send(self.peer.port, mails.SENDER, [mails.RECIPIENT], mails.PLAIN)
                self.assertTrue(sent.accepted, sent)
                message = self.sink.wait(count, 30)[-1]
                self.assertEqual((message.reverse_path, message.to), (mails.SENDER, [mails.RECIPIENT]))
                self.assertEqual(message.body.rstrip(), mails.body_of(mails.PLAIN).rstrip())

    def test_keeps_eight_bits(self):
        sent = clients.send_smtplib(self.peer.port, mails.SENDER, [mails.RECIPIENT], mails.EIGHT_BIT, ["BODY=8BITMIME"])
        self.assertTrue(sent.accepted, sent)
        self.assertEqual(self.relayed().body, mails.body_of(mails.EIGHT_BIT))

    def test_stops_and_leaves_nothing(self):
        port, root = self.peer.port, self.peer.root
        self.peer.stop()
        self.assertEqual(greeting(port), "")
        self.assertFalse(root.exists())


class PostfixRelay(Relay, unittest.TestCase):
    kind = Postfix

    def test_bounces_in_a_way_that_sisimai_reads(self):
        self.sink.answers["RCPT"] = lambda path: "550 5.1.1 <ben@remote.example>: User unknown" if "ben@" in path else None
        self.assertTrue(clients.send_smtplib(self.peer.port, mails.SENDER, [mails.RECIPIENT], mails.PLAIN).accepted)
        report = self.relayed()
        self.assertEqual((report.reverse_path, report.to), ("", [mails.SENDER]))
        (found,) = bounce.parse(report.content)
        self.assertEqual((found["recipient"], found["reason"], found["deliverystatus"]), (mails.RECIPIENT, "userunknown", "5.1.1"))


class EximRelay(Relay, unittest.TestCase):
    kind = Exim


class OpenSmtpdRelay(Relay, unittest.TestCase):
    kind = OpenSmtpd


class DovecotDelivery(unittest.TestCase):
    def setUp(self):
        self.peer = Dovecot(("ann@dovecot.example", "ben@dovecot.example"))
        self.addCleanup(self.peer.stop)
        self.peer.start()

    def test_delivers_to_each_recipient(self):
        answers = clients.send_lmtp(self.peer.port, mails.SENDER, self.peer.accounts, mails.PLAIN)
        self.assertEqual([sent.accepted for sent in answers], [True, True], answers)
        for account in self.peer.accounts:
            (message,) = wait_until(lambda name=account: self.peer.messages(name), 30, "the delivery")
            self.assertEqual(mails.body_of(message), mails.with_lf(mails.body_of(mails.PLAIN)))

    def test_refuses_who_is_not_there(self):
        (sent,) = clients.send_lmtp(self.peer.port, mails.SENDER, ["nobody@dovecot.example"], mails.PLAIN)
        self.assertFalse(sent.accepted)
        self.assertIn("550", sent.said)


class SinkItself(unittest.TestCase):
    def setUp(self):
        self.sink = Sink().start()
        self.addCleanup(self.sink.stop)

    def test_keeps_octets_and_parameters(self):
        sent = clients.send_smtplib(self.sink.port, mails.SENDER, [mails.RECIPIENT], mails.PLAIN, ["RET=HDRS", "ENVID=abc"], ["NOTIFY=SUCCESS,FAILURE"])
        self.assertTrue(sent.accepted, sent)
        (message,) = self.sink.wait()
        self.assertEqual(message.content, mails.PLAIN)
        self.assertEqual(message.parameters["ENVID"], "abc")
        self.assertEqual(message.recipients, [(mails.RECIPIENT, {"NOTIFY": "SUCCESS,FAILURE"})])

    def test_refuses_as_it_is_told(self):
        self.sink.answers["RCPT"] = lambda path: "550 5.1.1 no such user"
        sent = clients.send_smtplib(self.sink.port, mails.SENDER, [mails.RECIPIENT], mails.PLAIN)
        self.assertFalse(sent.accepted)
        self.assertEqual(self.sink.messages(), [])


if __name__ == "__main__":
    unittest.main()
