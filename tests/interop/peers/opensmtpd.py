# tests/interop/peers/opensmtpd.py: OpenSMTPD, as a relay that sends everything on to one port of loopback.
from interop.peers.peer import Peer

SMTPD, SMTPQ = 4004, 4005


class OpenSmtpd(Peer):
    name = "opensmtpd"
    packages = ("opensmtpd",)
    users = (("opensmtpd", SMTPD, "/var/empty"), ("opensmtpq", SMTPQ, "/var/empty"))
    extensions = ("8BITMIME", "SIZE", "DSN", "ENHANCEDSTATUSCODES")

    def configure(self):
        self.write("etc/smtpd.conf", f"""\
smtp max-message-size 50M
mta limit conn-delay-route 0 reconn-delay-route 0
listen on 127.0.0.1 port {self.port} hostname opensmtpd.example
action "onwards" relay host smtp+notls://127.0.0.1:{self.relay_port or 9}
match from any for any action "onwards"
""")
        self.write("etc/mailname", "opensmtpd.example\n")
        self.folder("var/spool/smtpd", 0o711)
        self.folder("var/spool/smtpd/offline", 0o770, 0, SMTPQ)
        for path in ("queue", "corrupt", "incoming", "purge", "temporary"):
            self.folder(f"var/spool/smtpd/{path}", 0o700, SMTPQ, 0)
        self.folder("var/empty", 0o755)
        self.folder("var/lib/opensmtpd", 0o755)

    def command(self):
        return ["/usr/sbin/smtpd", "-d", "-v", "-f", "/etc/smtpd.conf"]
