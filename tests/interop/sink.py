# tests/interop/sink.py: an SMTP or LMTP server that keeps what it is given, octet for octet, with the parameters of its envelope.
# What it offers and how it answers can be set, so that a peer (or Posthorn) can be shown a poor, slow or refusing next hop.
import re
import socket
import threading
import time

EXTENSIONS = ("PIPELINING", "SIZE 100000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES", "CHUNKING")
MAX_LINE = 4096


class Received:
    """One mail transaction that was accepted."""

    def __init__(self, helo, reverse_path, parameters):
        self.helo = helo
        self.reverse_path = reverse_path
        self.parameters = parameters  # of MAIL, names in upper case
        self.recipients = []          # (address, parameters)
        self.content = b""
        self.chunked = False          # came by BDAT

    @property
    def to(self):
        return [address for address, _ in self.recipients]

    @property
    def body(self):
        return self.content.partition(b"\r\n\r\n")[2]

    @property
    def header(self):
        return self.content.partition(b"\r\n\r\n")[0] + b"\r\n"


class Sink:
    """Sink().start(); `answers` maps a verb to a function of its argument that returns a reply, or None for the usual one."""

    def __init__(self, extensions=EXTENSIONS, answers=None, lmtp=False):
        self.extensions = extensions
        self.answers = answers or {}
        self.lmtp = lmtp
        self.sessions = 0
        self._messages = []
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop(self):
        # A shutdown, because a close alone does not wake the thread in accept().
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def wait(self, count=1, seconds=60):
        """The messages so far, as soon as there are `count`."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._messages) >= count, timeout=seconds):
                raise AssertionError(f"{len(self._messages)} of {count} messages arrived within {seconds} s")
            return list(self._messages)

    def messages(self):
        with self._changed:
            return list(self._messages)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        connection.settimeout(120)
        try:
            with connection, connection.makefile("rb", buffering=1 << 16) as lines:
                _Session(self, connection, lines).run()
        except (OSError, ValueError):
            pass  # the other side went away, or sent what is not SMTP: the test sees that nothing arrived

    def keep(self, message):
        with self._changed:
            self._messages.append(message)
            self._changed.notify_all()


class _Session:
    def __init__(self, sink, connection, lines):
        self.sink = sink
        self.connection = connection
        self.lines = lines
        self.helo = ""
        self.message = None

    def say(self, reply):
        self.connection.sendall(reply.encode() + b"\r\n")
        return reply.startswith(("2", "3"))

    def run(self):
        if not self.say(self.reply("CONNECT", "", "220 sink.example ESMTP")):
            return
        while True:
            line = self.lines.readline(MAX_LINE)
            if not line:
                return
            verb, _, argument = line.decode("utf-8", "surrogateescape").rstrip("\r\n").partition(" ")
            verb = verb.upper()
            if not getattr(self, f"on_{verb.lower()}", self.on_unknown)(argument):
                return

    def reply(self, verb, argument, usual):
        answer = self.sink.answers.get(verb)
        return (answer(argument) if answer else None) or usual

    def on_unknown(self, _):
        return bool(self.say("500 5.5.1 unknown command")) or True

    def on_ehlo(self, name):
        self.helo = name
        words = ["sink.example", *self.sink.extensions]
        self.say(self.reply("EHLO", name, "\r\n".join([*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}"])))
        return True

    on_lhlo = on_ehlo

    def on_helo(self, name):
        self.helo = name
        self.say(self.reply("HELO", name, "250 sink.example"))
        return True

    def on_mail(self, argument):
        path, parameters = _path(argument)
        if self.say(self.reply("MAIL", argument, "250 2.1.0 ok")):
            self.message = Received(self.helo, path, parameters)
        return True

    def on_rcpt(self, argument):
        if self.message is None:  # pipelined behind a refused MAIL
            self.say("503 5.5.1 no sender")
        elif self.say(self.reply("RCPT", argument, "250 2.1.5 ok")):
            self.message.recipients.append(_path(argument))
        return True

    def on_data(self, _):
        if not self.message or not self.message.recipients:
            self.say("503 5.5.1 no recipients")
            return True
        if not self.say(self.reply("DATA", "", "354 go ahead")):
            return True
        pieces = []
        while True:
            line = self.lines.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            pieces.append(line[1:] if line.startswith(b".") else line)
        self.message.content = b"".join(pieces)
        return self.finish()

    def on_bdat(self, argument):
        words = argument.split()
        chunk = self.lines.read(int(words[0]))
        if self.message is None:
            self.say("503 5.5.1 no sender")
            return True
        self.message.chunked = True
        self.message.content += chunk
        if len(words) > 1 and words[1].upper() == "LAST":
            return self.finish()
        self.say("250 2.0.0 ok")
        return True

    def finish(self):
        message, self.message = self.message, None
        answers = [self.reply("END", address, "250 2.0.0 kept") for address in (message.to if self.sink.lmtp else message.to[:1])]
        if any(answer.startswith("2") for answer in answers):
            self.sink.keep(message)  # before the reply: who has seen it may look at once
        for answer in answers:
            self.say(answer)
        return True

    def on_rset(self, _):
        self.message = None
        self.say("250 2.0.0 ok")
        return True

    def on_noop(self, _):
        self.say("250 2.0.0 ok")
        return True

    def on_quit(self, _):
        self.say("221 2.0.0 bye")
        return False


def _path(argument):
    found = re.match(r"(?:FROM|TO):\s*<(.*?)>(.*)$", argument, re.IGNORECASE)
    if not found:
        raise ValueError(f"no path in {argument!r}")
    parameters = {}
    for word in found[2].split():
        name, _, value = word.partition("=")
        parameters[name.upper()] = value
    return found[1], parameters


def wait_until(condition, seconds=60, what="the condition"):
    """The value of condition() as soon as it is true; polls, for what has no event to wait for."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{what} did not come within {seconds} s")
        time.sleep(0.02)
