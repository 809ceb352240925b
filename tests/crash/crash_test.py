# tests/crash/crash_test.py: what was acknowledged arrives, whatever happens to the server: kill -9 at random times under a mixed load, and a
# spool on a disk that runs full.
import collections
import os
import random
import re
import smtplib
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from interop.server import DOMAIN, Posthorn  # noqa: E402
from interop.sink import Sink, wait_until  # noqa: E402
from posthorn_tool import run  # noqa: E402

ROUNDS = 12
SENDERS = 6


def message(number, size=2000):
    filler = ("x" * 70 + "\r\n") * (size // 72)
    return f"From: <load@{DOMAIN}>\r\nTo: <someone@{DOMAIN}>\r\nSubject: {number}\r\nX-Number: {number}\r\n\r\n{filler}"


class Load:
    """Senders that go on whatever happens, and know which numbers were acknowledged."""

    def __init__(self, server):
        self.server = server
        self.acknowledged = {}  # number → where it must arrive
        self.lock = threading.Lock()
        self.next = 0
        self.going = True
        self.threads = [threading.Thread(target=self._send_for_ever, daemon=True) for _ in range(SENDERS)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join(60)

    def _number(self):
        with self.lock:
            self.next += 1
            return self.next

    def _send_for_ever(self):
        while self.going:
            try:
                with smtplib.SMTP("127.0.0.1", self.server.port, timeout=10) as client:
                    while self.going:
                        self._send(client)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.05)

    def _send(self, client):
        number = self._number()
        local = number % 2 == 0
        to = f"u{number % 10}@{DOMAIN}" if local else f"r{number}@elsewhere.example"
        client.sendmail(f"load@{DOMAIN}", [to], message(number, random.choice((100, 3000, 60000))))
        with self.lock:
            self.acknowledged[number] = "local" if local else "relay"


def numbers(contents):
    return collections.Counter(int(found[1]) for found in (re.search(rb"^X-Number: (\d+)", content, re.MULTILINE) for content in contents) if found)


def story(log, gone):
    """What the log says of these numbers and of their ids."""
    ids = {found[1] for n in gone for found in re.finditer(rf"id=(\w+) .*to=r{n}@", log)}
    words = [f"=r{n}@" for n in gone] + sorted(ids)
    return "\n".join(line for line in log.splitlines() if "spool." in line or "server." in line or any(word in line for word in words))[-6000:]


class Crash(unittest.TestCase):
    def test_every_acknowledged_message_survives_being_killed_at_random_times(self):
        sink = Sink().start()
        self.addCleanup(sink.stop)
        server = Posthorn(relay_port=sink.port, settings={"spool.segment_size": "1M", "spool.reserve": "1M"})
        self.addCleanup(server.clean)
        server.start()
        load = Load(server).start()
        for _ in range(ROUNDS):
            time.sleep(random.uniform(0.1, 1.0))
            server.kill9()
            server.start()
        time.sleep(0.5)
        load.stop()

        def arrived():
            local = numbers(path.read_bytes() for path in (server.folder / "mail").glob("*/new/*"))
            return local, numbers(received.content for received in sink.messages())

        def missing():
            local, relayed = arrived()
            return [n for n, way in load.acknowledged.items() if n not in (local if way == "local" else relayed)]

        self.assertGreater(len(load.acknowledged), 100)
        try:
            wait_until(lambda: not missing(), 60, "all acknowledged messages")
        except AssertionError:
            waiting = run("queue", "list", "--json", config=server.folder / "posthorn.toml").out
            self.fail(f"{len(missing())} of {len(load.acknowledged)} acknowledged messages are missing, such as {missing()[:5]}; waiting:\n"
                      f"{waiting[:3000]}\n{story(server.logs(), missing()[:3])}")
        local, relayed = arrived()
        twice = sum(count - 1 for count in (local + relayed).values())
        print(f"{len(load.acknowledged)} acknowledged, {ROUNDS} kills, {twice} duplicates", file=sys.stderr)
        # In flight at a kill: what the senders wait for, and what is being delivered at that moment.
        self.assertLessEqual(twice, ROUNDS * (SENDERS + 40))


@unittest.skipUnless(os.geteuid() == 0, "only root can mount a small tmpfs")
class FullDisk(unittest.TestCase):
    def test_a_full_disk_puts_mail_off_loses_nothing_and_is_over_when_there_is_room(self):
        sink = Sink(answers={"RCPT": lambda argument: None if self.open else "450 4.3.2 later"}).start()
        self.open = False
        self.addCleanup(sink.stop)
        server = Posthorn(relay_port=sink.port, settings={"spool.segment_size": "1M", "spool.reserve": "1M"})
        self.addCleanup(server.clean)
        spool = server.folder / "spool"
        spool.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=0700,uid=65534,gid=65534", "tmpfs", str(spool)], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", str(spool)], check=False)
        server.start()

        accepted, refused = [], None
        for number in range(1000):
            try:
                with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
                    client.sendmail(f"load@{DOMAIN}", [f"r{number}@elsewhere.example"], message(number, 100_000))
                accepted.append(number)
            except smtplib.SMTPException as error:
                refused = error
                break
        self.assertIsNotNone(refused, "1000 messages of 100 kB fitted into 12 MB")
        self.assertGreater(len(accepted), 10)
        self.assertRegex(str(refused), r"452.*4\.3\.1")
        with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
            client.ehlo()
            self.assertEqual(client.mail(f"load@{DOMAIN}")[0], 452)  # at MAIL, before the content is sent

        self.open = True
        wait_until(lambda: set(accepted) <= set(numbers(received.content for received in sink.messages())), 120, "what was accepted before")

        def taken_again():
            with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
                client.ehlo()
                return client.mail(f"load@{DOMAIN}")[0] == 250
        wait_until(taken_again, 60, "mail to be taken again")
        with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as client:
            client.sendmail(f"load@{DOMAIN}", ["again@elsewhere.example"], message(100_001))
        wait_until(lambda: 100_001 in numbers(received.content for received in sink.messages()), 60, "the message after it")


if __name__ == "__main__":
    unittest.main()
