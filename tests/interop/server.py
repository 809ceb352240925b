# tests/interop/server.py: `posthorn serve` on loopback with a configuration, a spool and Maildirs of its own. Whoever starts it stops it
# (addCleanup); it ends with the test's process in any case.
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from posthorn_tool import SANITIZED, environment, program

from interop.family import Family
from interop.peers.peer import free_port, greeting
from interop.sink import wait_until

DOMAIN = "posthorn.example"
START_SECONDS = 120 if SANITIZED else 30
RUN_AS = ("nobody", 65534)  # when the tests run as root


def toml_value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def toml_text(settings):
    """settings: {"server.hostname": "x", …} as posthorn.toml."""
    tables = {}
    for name, value in settings.items():
        table, _, key = name.rpartition(".")
        tables.setdefault(table, []).append(f"{key} = {toml_value(value)}\n")
    return "".join(f"[{table}]\n{''.join(lines)}\n" for table, lines in tables.items())


class Posthorn:
    """A server for posthorn.example, where every name has a Maildir. `settings` are parameters by their names, over those of the tests."""

    def __init__(self, relay_port=None, settings=None):
        self.folder = Path(tempfile.mkdtemp(prefix="posthorn-serve-"))
        self.relay_port = relay_port
        self.more = settings or {}
        self.port = 0
        self.lmtp_port = 0
        self.family = None

    def settings(self):
        base = {
            "server.hostname": DOMAIN, "server.smtp_listen": [f"127.0.0.1:{self.port}"], "server.lmtp_listen": [f"127.0.0.1:{self.lmtp_port}"],
            "server.control_socket": str(self.folder / "run/control"), "server.user": RUN_AS[0], "log.level": "debug",
            "catalogue.directory": "", "spool.directory": str(self.folder / "spool"), "spool.segment_size": "16M", "spool.reserve": "16M",
            "local.domains": [DOMAIN], "local.users": "any", "local.maildir": str(self.folder / "mail/{user}/"), "local.aliases": "",
            "local.postmaster": f"postmaster@{DOMAIN}", "policy.trusted_networks": ["127.0.0.0/8"],
            "queue.retry_first": 1, "queue.retry_max": 2, "queue.dead_retry_first": 1, "queue.dead_retry_max": 2,
        }
        if self.relay_port:
            base["route.relay_host"] = f"[127.0.0.1]:{self.relay_port}"
        return {**base, **self.more}

    def start(self):
        self._prepare()
        for attempt in range(3):
            if not self.port or attempt:  # a restart keeps its ports
                self.port, self.lmtp_port = free_port(), free_port()
            (self.folder / "posthorn.toml").write_text(toml_text(self.settings()))
            with open(self.folder / "log", "ab") as log:
                self.family = Family([os.path.abspath(program()), "serve", "--config", str(self.folder / "posthorn.toml")], log, environment())
            wait_until(lambda: not self.family.running() or greeting(self.port).startswith("220"), START_SECONDS, "the greeting")
            if self.family.running():
                return self
        raise AssertionError(f"posthorn serve did not start:\n{self.logs()[-4000:]}")

    def stop(self, seconds=60):
        """SIGTERM, as a service manager would; the exit status. Files go with clean()."""
        if self.family is None:
            return None
        self.family.send(signal.SIGTERM)
        try:
            return self.family.wait(seconds)
        except subprocess.TimeoutExpired:
            self.family.kill()
            raise AssertionError(f"posthorn serve does not stop:\n{self.logs()[-4000:]}") from None
        finally:
            self.family = None

    def kill9(self):
        self.family.kill()
        self.family = None

    def clean(self):
        """For addCleanup: ends what still runs, without a word about it, and takes the files away."""
        if self.family is not None:
            self.kill9()
        shutil.rmtree(self.folder, ignore_errors=True)

    def reload(self):
        (self.folder / "posthorn.toml").write_text(toml_text(self.settings()))
        self.family.send(signal.SIGHUP)

    def logs(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logged(self, pattern, seconds=30):
        """The first match of a pattern in the log, once there is one."""
        return wait_until(lambda: re.search(pattern, self.logs()), seconds, f"{pattern!r} in the log")

    def maildir(self, user):
        """The messages in new/ of a user's Maildir, as they were written."""
        return [path.read_bytes() for path in sorted((self.folder / "mail" / user / "new").glob("*"))]

    def mail_for(self, user, count=1, seconds=60):
        """The user's messages, once there are `count`."""
        try:
            return wait_until(lambda: len(self.maildir(user)) >= count and self.maildir(user), seconds, f"mail for {user}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.logs()[-4000:]}") from None

    def _prepare(self):
        self.folder.chmod(0o755)
        mail = self.folder / "mail"
        mail.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            os.chown(mail, RUN_AS[1], RUN_AS[1])
