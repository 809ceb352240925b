# tests/interop/clients.py: programs and libraries that send mail, each behind the same function:
# send(port, sender, recipients, content) → Sent. They are other people's: what they make of a reply is what users see.
import os
import shutil
import smtplib
import subprocess
import tempfile
import unittest
from pathlib import Path

TIMEOUT = 180
HELO = "client.example"


class Sent:
    def __init__(self, accepted, said):
        self.accepted = accepted
        self.said = said  # what the program printed, or the reply

    def __repr__(self):
        return f"Sent(accepted={self.accepted}, said={self.said!r})"


def _run(words, stdin=b""):
    if shutil.which(words[0]) is None:
        raise unittest.SkipTest(f"{words[0]} is not installed (see cmake/debian-packages.txt)")
    done = subprocess.run(words, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False,
                          env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"})
    return Sent(done.returncode == 0, done.stdout.decode(errors="replace"))


def send_smtplib(port, sender, recipients, content, mail_options=(), rcpt_options=()):
    try:
        with smtplib.SMTP("127.0.0.1", port, local_hostname=HELO, timeout=TIMEOUT) as client:
            refused = client.sendmail(sender, list(recipients), content, mail_options=list(mail_options), rcpt_options=list(rcpt_options))
            return Sent(not refused, str(refused))
    except smtplib.SMTPException as error:
        return Sent(False, str(error))


def send_swaks(port, sender, recipients, content):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "mail.eml")
        data.write_bytes(content.replace(b"\r\n", b"\n"))
        return _run(["swaks", "--server", "127.0.0.1", "--port", str(port), "--helo", HELO, "--from", sender, "--to", ",".join(recipients),
                     "--data", f"@{data}", "--timeout", "60"])


def send_curl(port, sender, recipients, content):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "mail.eml")
        data.write_bytes(content)
        to = [word for recipient in recipients for word in ("--mail-rcpt", f"<{recipient}>")]
        return _run(["curl", "--silent", "--show-error", "--verbose", "--max-time", "120", f"smtp://127.0.0.1:{port}/{HELO}", "--mail-from",
                     f"<{sender}>", *to, "--upload-file", str(data)])


def send_msmtp(port, sender, recipients, content):
    words = ["msmtp", "--file=/dev/null", "--host=127.0.0.1", f"--port={port}", f"--domain={HELO}", "--auth=off", "--tls=off", f"--from={sender}",
             "--timeout=60", "--", *recipients]
    return _run(words, content.replace(b"\r\n", b"\n"))


def send_lmtp(port, sender, recipients, content):
    """The final reply for each recipient; smtplib's LMTP reads only one."""
    with smtplib.SMTP(timeout=TIMEOUT) as client:
        client.connect("127.0.0.1", port)
        client.ehlo_msg = "lhlo"
        client.ehlo(HELO)
        client.mail(sender)
        answers = [client.rcpt(recipient) for recipient in recipients]
        if any(code < 300 for code, _ in answers):
            accepted = [at for at, (code, _) in enumerate(answers) if code < 300]
            answers[accepted[0]] = client.data(content)
            for at in accepted[1:]:
                answers[at] = client.getreply()
    return [Sent(code < 300, f"{code} {text.decode(errors='replace')}") for code, text in answers]


PROGRAMS = {"smtplib": send_smtplib, "swaks": send_swaks, "curl": send_curl, "msmtp": send_msmtp}
