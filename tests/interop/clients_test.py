# tests/interop/clients_test.py: the programs that people send mail with, against Posthorn: what they hand in arrives, and what they are told
# when it is refused.
import unittest

from interop import clients, mails
from interop.peers import Dovecot
from interop.server import DOMAIN, Posthorn
from interop.sink import wait_until

HERE = f"ben@{DOMAIN}"


class HandIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.posthorn = Posthorn()
        cls.addClassCleanup(cls.posthorn.clean)
        cls.posthorn.start()

    def test_each_program_delivers(self):
        for name, send in clients.PROGRAMS.items():
            for kind, content in (("plain", mails.PLAIN), ("8bit", mails.EIGHT_BIT)):
                with self.subTest(client=name, mail=kind):
                    user = f"{name}-{kind}"
                    sent = send(self.posthorn.port, mails.SENDER, [f"{user}@{DOMAIN}"], content)
                    self.assertTrue(sent.accepted, sent)
                    (message,) = self.posthorn.mail_for(user)
                    self.assertEqual(mails.body_of(message).rstrip(b"\n"), mails.with_lf(mails.body_of(content)).rstrip(b"\n"))

    def test_each_program_delivers_to_several(self):
        for name, send in clients.PROGRAMS.items():
            with self.subTest(client=name):
                users = [f"{name}-{number}" for number in range(3)]
                sent = send(self.posthorn.port, mails.SENDER, [f"{user}@{DOMAIN}" for user in users], mails.PLAIN)
                self.assertTrue(sent.accepted, sent)
                for user in users:
                    (message,) = self.posthorn.mail_for(user)
                    self.assertIn(f"Delivered-To: {user}@{DOMAIN}\n".encode(), message)

    def test_lmtp(self):
        answers = clients.send_lmtp(self.posthorn.lmtp_port, mails.SENDER, [f"lmtp-a@{DOMAIN}", f"lmtp-b@{DOMAIN}"], mails.PLAIN)
        self.assertEqual([sent.accepted for sent in answers], [True, True], answers)
        for user in ("lmtp-a", "lmtp-b"):
            self.posthorn.mail_for(user)


class Refused(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.posthorn = Posthorn(settings={"policy.trusted_networks": []})
        cls.addClassCleanup(cls.posthorn.clean)
        cls.posthorn.start()

    def test_each_program_shows_why_relaying_is_denied(self):
        for name, send in clients.PROGRAMS.items():
            with self.subTest(client=name):
                sent = send(self.posthorn.port, mails.SENDER, [mails.RECIPIENT], mails.PLAIN)
                self.assertFalse(sent.accepted, sent)
                self.assertIn("Relay access denied", sent.said)

    def test_others_still_get_theirs(self):
        self.assertTrue(clients.send_smtplib(self.posthorn.port, mails.SENDER, [HERE], mails.PLAIN).accepted)
        self.posthorn.mail_for("ben")


class IntoDovecot(unittest.TestCase):
    """Posthorn → Dovecot's LMTP server."""

    def setUp(self):
        self.accounts = (HERE, f"cleo@{DOMAIN}")
        self.dovecot = Dovecot(self.accounts)
        self.addCleanup(self.dovecot.stop)
        self.dovecot.start()
        # ann's own mail stays with us, so that her bounces can be seen.
        self.posthorn = Posthorn(settings={"local.transport": f"lmtp:[127.0.0.1]:{self.dovecot.port}", "route.transports": f"inline:ann@{DOMAIN} maildir:"})
        self.addCleanup(self.posthorn.clean)
        self.posthorn.start()

    def send(self, recipients, content, *options):
        sent = clients.send_smtplib(self.posthorn.port, f"ann@{DOMAIN}", recipients, content, *options)
        self.assertTrue(sent.accepted, sent)

    def stored(self, account):
        try:
            (message,) = wait_until(lambda: self.dovecot.messages(account), 60, f"mail for {account}")
        except AssertionError as error:
            self.fail(f"{error}\n{self.posthorn.logs()[-4000:]}\n{self.dovecot.logs()[-2000:]}")
        return message

    def test_delivers_to_each_user(self):
        self.send(self.accounts, mails.PLAIN)
        for account in self.accounts:
            self.assertEqual(mails.body_of(self.stored(account)), mails.with_lf(mails.body_of(mails.PLAIN)))

    def test_keeps_eight_bits(self):
        self.send([HERE], mails.EIGHT_BIT, ["BODY=8BITMIME"])
        self.assertEqual(mails.body_of(self.stored(HERE)), mails.with_lf(mails.body_of(mails.EIGHT_BIT)))

    def test_one_of_two_is_unknown(self):
        self.send([HERE, f"nobody@{DOMAIN}"], mails.PLAIN)
        self.stored(HERE)
        (report,) = self.posthorn.mail_for("ann")
        self.assertIn(f"Final-Recipient: rfc822; nobody@{DOMAIN}".encode().lower(), report.lower())
        self.assertIn(b"Status: 5.1.1", report)


if __name__ == "__main__":
    unittest.main()
