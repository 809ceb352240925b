# tests/interop/peers/peer.py: what all peers have in common: a root of their own, a free port, start, log, stop.
import os
import random
import shutil
import signal
import socket
import time
from pathlib import Path

from interop.family import Family
from interop.peers import unpack

START_SECONDS = 60


def free_port():
    """A port of 127.0.0.1 that nobody listens on, below those that the kernel gives to outgoing connections."""
    for _ in range(200):
        port = random.SystemRandom().randrange(12000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port on 127.0.0.1")


def greeting(port, seconds=2):
    """The first line that a server says, "" if there is none."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            return connection.makefile("rb").readline().decode(errors="replace")
    except OSError:
        return ""


class Peer:
    """A mail server that is not ours. Set relay_port, start() it, talk to port; stop() it (addCleanup)."""
    name = ""
    packages = ()
    users = ()  # (name, id, home), beside root and nobody
    log = "var/log/peer.log"

    def __init__(self, relay_port=None):
        self.relay_port = relay_port  # where on 127.0.0.1 everything it takes goes on to
        self.port = 0
        self.root = None
        self.family = None

    # What a kind of peer says about itself.
    def configure(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def relays_to(self, port):
        self.relay_port = port
        return self

    def start(self):
        self.root = unpack.instance(self.name, unpack.need(unpack.template, self.name, self.packages, self.users))
        try:
            for attempt in range(3):
                self.port = free_port()
                self.configure()
                self._spawn()
                if self._answers():
                    return self
                self._kill()
            raise RuntimeError(f"{self.name} did not start:\n{self.logs()[-4000:]}")
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self._kill()
        if self.root is not None:
            shutil.rmtree(self.root, ignore_errors=True)
            self.root = None

    def logs(self):
        if self.root is None:
            return ""
        texts = [path.read_text(errors="replace") for path in (self.root / self.log, self.root / "var/log/console.log") if path.is_file()]
        return "\n".join(texts)

    def write(self, path, text, mode=0o644, owner=0):
        """A file of this instance; never through a hard link into the template."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text)
        target.chmod(mode)
        os.chown(target, owner, owner)

    def folder(self, path, mode=0o755, user=0, group=None):
        target = self.root / path
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(mode)
        os.chown(target, user, user if group is None else group)
        os.chmod(target, mode)

    def _spawn(self):
        with open(self.root / "var/log/console.log", "ab") as console:
            self.family = Family(["chroot", str(self.root), *self.command()], console, {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})

    def _answers(self):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.family.running():
            if greeting(self.port).startswith("220"):
                return True
            time.sleep(0.05)
        return False

    def _kill(self):
        """Ends this instance's processes: those whose root is its root, and nobody else."""
        if self.family is None:
            return
        until = time.monotonic() + 10
        while True:
            mine = self._pids()
            for pid in mine:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not mine:
                break
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name}: processes {mine} do not end")
            time.sleep(0.02)
        self.family.kill()
        self.family = None

    def _pids(self):
        root = str(self.root)
        pids = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                at = os.readlink(entry / "root")
            except OSError:
                continue
            if at == root or at.startswith(root + "/"):
                pids.append(int(entry.name))
        return pids
