# tests/interop/mails.py: the messages that interop sends: what a relay could spoil if it were careless.
import random
import zlib

SENDER, RECIPIENT = "ann@sender.example", "ben@remote.example"


def message(subject, body, *header):
    lines = [f"From: Ann <{SENDER}>", f"To: Ben <{RECIPIENT}>", f"Subject: {subject}", "Date: Tue, 24 Nov 2026 19:06:31 +0000",
             f"Message-ID: <{zlib.crc32(body)}.{len(body)}@sender.example>", *header]
    return "".join(line + "\r\n" for line in lines).encode() + b"\r\n" + body


# Dots, blanks at line ends, empty lines, tabs, "From " and a line of 998 octets.
PLAIN = message("plain", b"Dear Ben,\r\n.\r\n..\r\n.dot\r\n\r\nFrom here on\r\n>From there\r\ntrailing blanks  \r\n\ttab\t\r\n"
                         b"--\r\n" + b"x" * 998 + b"\r\n\r\n\r\nlast line\r\n")
EIGHT_BIT = message("8bit", "Grüße, 你好, привет\r\n.ü\r\n".encode() + bytes(range(0xA0, 0x100)) + b"\r\n",
                    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
UTF8 = message("邮件 – ünïcode", "正文，第一行。\r\n第二行。\r\n".encode(), "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
               "Content-Transfer-Encoding: 8bit")
UTF8_SENDER, UTF8_RECIPIENT = "安@sender.example", "用户@remote.example"


def large(octets=10_000_000):
    """Lines of many lengths and all kinds of ASCII, the same at each run."""
    letters = random.Random(7)
    alphabet = bytes(range(0x20, 0x7F))
    text = bytes(letters.choices(alphabet, k=1 << 16))
    lines, size = [], 0
    while size < octets:
        at, length = letters.randrange(1 << 15), letters.randrange(0, 900)
        lines.append(text[at:at + length] + b"\r\n")
        size += length + 2
    return message("large", b"".join(lines))


def body_of(content):
    """What stands behind the header section, whichever line ends it has."""
    end = b"\r\n\r\n" if b"\r\n\r\n" in content else b"\n\n"
    return content.partition(end)[2]


def with_lf(content):
    return content.replace(b"\r\n", b"\n")
