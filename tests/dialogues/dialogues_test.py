# tests/dialogues/dialogues_test.py: the dialogues of this folder against `posthorn serve` on loopback, and every reply that refuses explained by
# `posthorn explain` as exactly the cause that it names.
import json
import re
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from interop.peers.peer import free_port  # noqa: E402
from interop.server import Posthorn  # noqa: E402
from posthorn_tool import ROOT, run  # noqa: E402

FOLDER = ROOT / "tests/dialogues"
SECONDS = 30
EXAMPLE_NET = {"local.domains": ["example.net"], "local.users": "any", "local.postmaster": "user@example.net", "server.hostname": "mx.example.net"}
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}


class Dialogue:
    def __init__(self, path):
        self.path = path
        self.config, self.dialect, self.steps, self.memory = {}, "smtp", [], False
        for line in path.read_text(encoding="utf-8").splitlines():
            self._read(line)

    def _read(self, line):
        if not line or line.startswith("#"):
            return
        if line.startswith("memory"):
            # What only memory can show; the content of a kept message is looked at there too.
            self.memory = self.memory or not line.startswith("memory content")
        elif line.startswith("config "):
            name, _, value = line[7:].partition("=")
            self.config[name.strip()] = toml_literal(value.strip())
        elif line.startswith("dialect "):
            self.dialect = line[8:].strip()
        elif line != "whole":
            self.steps.append((line[:2], line[3:]))


def toml_literal(text):
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if text in ("true", "false"):
        return text == "true"
    return text.strip('"')


def unescape(text):
    text = re.sub(r"\\\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), text)
    out = re.sub(rb"\\(x[0-9a-fA-F]{2}|.)", lambda m: bytes([int(m[1][1:], 16)]) if m[1][:1] == b"x" else ESCAPES[m[1].decode()].encode(),
                 text.encode("utf-8"))
    return out


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        self.buffer = b""

    def reply(self):
        lines = []
        while True:
            while b"\n" not in self.buffer:
                got = self.socket.recv(65536)
                if not got:
                    raise AssertionError(f"the server closed; before that: {lines}")
                self.buffer += got
            line, _, self.buffer = self.buffer.partition(b"\n")
            lines.append(line.decode("utf-8").rstrip("\r"))
            if len(lines[-1]) < 4 or lines[-1][3] != "-":
                return lines

    def closed(self):
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return self.buffer == b""


def play(dialogue, port):
    """The replies that were named, as (name, line)."""
    client, pending, last, named = Client(port), b"", [], []
    for kind, text in dialogue.steps:
        if kind == "C:":
            pending += text.encode("utf-8") + b"\r\n"
            continue
        if kind == "C>":
            pending += unescape(text)
            continue
        if pending:
            client.socket.sendall(pending)
            pending = b""
        if kind == "S~":
            if not any(text in line for line in last):
                raise AssertionError(f"{text!r} is in none of {last}")
            continue
        wanted, _, name = re.match(r"(.*?)(  +reply +(\S+))?$", text).groups()
        if wanted == "close":
            if not client.closed():
                raise AssertionError("the server did not close in silence")
            continue
        last = client.reply()
        said = re.sub(r"^(\d{3})-", r"\1 ", last[-1])
        if not said.startswith(wanted.strip()):
            raise AssertionError(f"wanted {wanted.strip()!r}, heard {last}")
        if name:
            named.append((name, last[-1]))
    client.socket.close()
    return named


def own_replies():
    """Reply name → cause, as the catalogue declares them."""
    causes = {}
    for path in (ROOT / "catalogue").rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'^\[\[reply\]\].*?^name = "([^"]+)"', text, re.MULTILINE | re.DOTALL):
            causes[name] = f"{path.parent.name}.{path.stem}"
    return causes


class Dialogues(unittest.TestCase):
    def test_each_dialogue_runs_against_a_server(self):
        files = [Dialogue(path) for path in sorted(FOLDER.glob("*.smtp"))]
        live = [dialogue for dialogue in files if not dialogue.memory]
        self.assertGreater(len(live), 40)
        servers, causes, heard = {}, own_replies(), {}
        for dialogue in live:
            key = json.dumps([dialogue.dialect, sorted(dialogue.config.items())])
            if key not in servers:
                servers[key] = self._server(dialogue)
            with self.subTest(dialogue=dialogue.path.name):
                heard.update(play(dialogue, servers[key][dialogue.dialect]))
        for name, line in sorted(heard.items()):
            with self.subTest(reply=name):
                self.assertEqual(run("explain", "--json", "--", line).objects()[0]["cause"], causes[name], line)

    def _server(self, dialogue):
        submission = free_port()
        server = Posthorn(settings={**EXAMPLE_NET, "server.submission_listen": [f"127.0.0.1:{submission}"], **dialogue.config})
        self.addCleanup(server.clean)
        server.start()
        return {"smtp": server.port, "lmtp": server.lmtp_port, "submission": submission}


if __name__ == "__main__":
    unittest.main()
