# tests/interop/family.py: a server and everything that it starts, tied to the test: when the test's process ends, however it ends, they end.
# A death signal alone is not enough, because servers that change their user lose it. So they run in a process namespace whose first process
# stays root and dies with the test; where no namespaces can be made, the death signal has to do.
import ctypes
import os
import signal
import subprocess
from pathlib import Path

PR_SET_PDEATHSIG = 1
NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child"]
# The first process of the namespace: it waits for the server and passes its exit status on (128 + signal).
FIRST = ["sh", "-c", '"$@" & wait $!', "first"]

_has_namespaces = None


def has_namespaces():
    global _has_namespaces
    if _has_namespaces is None:
        try:
            _has_namespaces = subprocess.run([*NAMESPACE, "true"], capture_output=True, timeout=20, check=False).returncode == 0
        except OSError:
            _has_namespaces = False
    return _has_namespaces


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Family:
    def __init__(self, words, output, env):
        self._guarded = has_namespaces()
        self._process = subprocess.Popen([*NAMESPACE, *FIRST, *words] if self._guarded else words, stdin=subprocess.DEVNULL, stdout=output,
                                         stderr=output, cwd="/", env=env, start_new_session=True, preexec_fn=die_with_parent)

    def running(self):
        return self._process.poll() is None

    def pid(self):
        """The server's process; None when it has ended."""
        if not self._guarded:
            return self._process.pid if self.running() else None
        first = _child_of(self._process.pid)
        return _child_of(first) if first else None

    def send(self, number):
        pid = self.pid()
        if pid is not None:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def wait(self, seconds):
        """The exit status of the server, 128 + signal if one ended it; TimeoutExpired."""
        status = self._process.wait(timeout=seconds)
        return status if status >= 0 else 128 - status

    def kill(self):
        """SIGKILL to the server; nothing of the family is left when this returns."""
        self.send(signal.SIGKILL)
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _child_of(parent):
    """The oldest child of a process."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            children.append((int(fields[19]), int(stat.parent.name)))
    return min(children)[1] if children else None
