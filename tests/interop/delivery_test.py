# tests/interop/delivery_test.py: the ends of the way on this machine: Maildirs with a quota, programs of the pipe table with their exit
# statuses, and routes that discard or refuse.
import os
import unittest

from interop import bounce, clients, mails
from interop.server import DOMAIN, Posthorn
from interop.sink import wait_until

SENDER = f"ann@{DOMAIN}"
SCRIPT = """\
#!/bin/sh
[ "$EXTENSION" = fail ] && { echo "no such archive"; exit 67; }
[ "$EXTENSION" = crash ] && kill -SEGV $$
{ echo "$#|$1|$2|$SENDER|$RECIPIENT|$USER|$EXTENSION|$DOMAIN|$HOME"; cat; } > "$3.part" && mv "$3.part" "$3"
"""


class Server(unittest.TestCase):
    def start(self, **settings):
        self.posthorn = Posthorn(settings={name.replace("__", "."): value for name, value in settings.items()})
        self.addCleanup(self.posthorn.clean)
        return self.posthorn

    def send(self, recipient, content=mails.PLAIN, sender=SENDER, expect=True):
        sent = clients.send_smtplib(self.posthorn.port, sender, [f"{recipient}@{DOMAIN}"], content)
        self.assertEqual(sent.accepted, expect, sent)
        return sent


class Pipe(Server):
    def setUp(self):
        posthorn = self.start()
        self.stored = posthorn.folder / "mail/archived"
        script = posthorn.folder / "archive"
        script.write_text(SCRIPT)
        script.chmod(0o755)
        commands = posthorn.folder / "commands"
        commands.write_text(f'archive timeout=30s {script} "{{user}}; touch /oops" {{recipient}} {self.stored}\n')
        posthorn.more = {"pipe.commands": str(commands), "route.transports": f"inline:archive@{DOMAIN} pipe:archive",
                         "server.user": "root" if os.geteuid() == 0 else ""}
        posthorn.start()

    def test_the_program_gets_the_message(self):
        self.send("archive+2026")
        wait_until(self.stored.exists, 30, "the program's file")
        first, _, rest = self.stored.read_bytes().partition(b"\n")
        # Three arguments whatever is in them, and no environment of ours.
        self.assertEqual(first.decode(), f"3|archive; touch /oops|archive+2026@{DOMAIN}|{SENDER}|archive+2026@{DOMAIN}|archive|2026|{DOMAIN}|")
        self.assertTrue(rest.startswith(f"Return-Path: <{SENDER}>\nDelivered-To: archive+2026@{DOMAIN}\n".encode()), rest[:200])
        self.assertEqual(mails.body_of(rest), mails.with_lf(mails.body_of(mails.PLAIN)))

    def test_ten_megabytes(self):
        content = mails.large()
        self.send("archive", content)
        wait_until(self.stored.exists, 60, "the program's file")
        self.assertTrue(mails.body_of(self.stored.read_bytes()) == mails.with_lf(mails.body_of(content)), "the body was changed")

    def test_its_exit_status_is_the_bounce(self):
        self.send("archive+fail")
        (report,) = self.posthorn.mail_for("ann")
        self.assertIn(b"Status: 5.1.1", report)
        self.assertIn(b"no such archive", report)
        (found,) = bounce.parse(report)
        self.assertEqual((found["recipient"], found["deliverystatus"]), (f"archive+fail@{DOMAIN}", "5.1.1"))

    def test_a_crash_is_tried_again(self):
        self.send("archive+crash")
        self.posthorn.logged(r"killed by signal 11")
        self.assertEqual(self.posthorn.maildir("ann"), [])


class Quota(Server):
    def test_a_full_mailbox_is_put_off(self):
        self.start(local__quota=20_000).start()
        body = mails.message("bulk", (b"x" * 70 + b"\r\n") * 150)  # about 11 KB
        self.send("ben", body)
        self.posthorn.mail_for("ben")
        sent = clients.send_smtplib(self.posthorn.port, SENDER, [f"ben@{DOMAIN}"], body)
        if sent.accepted:  # found out at delivery
            self.posthorn.logged(r"4\.2\.2")
        else:  # found out before
            self.assertIn("4.2.2", sent.said)
        self.assertEqual(len(self.posthorn.maildir("ben")), 1)


class Fixed(Server):
    def test_discard(self):
        self.start(route__transports=f"inline:gone@{DOMAIN} discard:").start()
        self.send("gone")
        self.posthorn.logged(r"queue\.delivered.*gone@")
        self.assertEqual(self.posthorn.maildir("gone"), [])

    def test_error(self):
        self.start(route__transports=f"inline:shut@{DOMAIN} error:5.1.2 this department is closed").start()
        sent = clients.send_smtplib(self.posthorn.port, SENDER, [f"shut@{DOMAIN}"], mails.PLAIN)
        if sent.accepted:
            (report,) = self.posthorn.mail_for("ann")
            self.assertIn(b"Status: 5.1.2", report)
            self.assertIn(b"this department is closed", report)
        else:
            self.assertIn("this department is closed", sent.said)


if __name__ == "__main__":
    unittest.main()
