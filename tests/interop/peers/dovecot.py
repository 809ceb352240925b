# tests/interop/peers/dovecot.py: Dovecot's LMTP server, which delivers into Maildirs in its root. Known users: those of `accounts`.
from interop.peers.peer import Peer

DOVECOT, DOVENULL, VMAIL = 4006, 4007, 4008


class Dovecot(Peer):
    name = "dovecot"
    packages = ("dovecot-core", "dovecot-lmtpd")
    users = (("dovecot", DOVECOT, "/usr/lib/dovecot"), ("dovenull", DOVENULL, "/nonexistent"), ("vmail", VMAIL, "/var/vmail"))
    log = "var/log/dovecot.log"
    extensions = ("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING")

    def __init__(self, accounts=("ann@dovecot.example",), quota=""):
        super().__init__()
        self.accounts = accounts
        self.quota = quota  # "10K": over it a mailbox is full

    def configure(self):
        quota = "" if not self.quota else f"""\
mail_plugins = quota
plugin {{
  quota = count:User quota
  quota_rule = *:storage={self.quota}
  quota_vsizes = yes
}}
"""
        self.write("etc/dovecot/dovecot.conf", f"""\
protocols = lmtp
listen = 127.0.0.1
ssl = no
hostname = dovecot.example
log_path = /var/log/dovecot.log
mail_location = maildir:~/Maildir
mail_uid = {VMAIL}
mail_gid = {VMAIL}
first_valid_uid = {VMAIL}
first_valid_gid = {VMAIL}
disable_plaintext_auth = no
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
base_dir = /run/dovecot
passdb {{
  driver = passwd-file
  args = /etc/dovecot/users
}}
userdb {{
  driver = passwd-file
  args = /etc/dovecot/users
}}
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.port}
  }}
}}
{quota}""")
        self.write("etc/dovecot/users", "".join(f"{account}:{{PLAIN}}secret:{VMAIL}:{VMAIL}::/var/vmail/{account}::\n" for account in self.accounts))
        self.folder("var/vmail", 0o700, VMAIL)
        self.folder("run/dovecot", 0o755)
        self.folder("var/lib/dovecot", 0o755)

    def command(self):
        return ["/usr/sbin/dovecot", "-F", "-c", "/etc/dovecot/dovecot.conf"]

    def messages(self, account):
        """The messages in a user's INBOX, as the octets that Dovecot stored."""
        inbox = self.root / "var/vmail" / account / "Maildir"
        return [path.read_bytes() for folder in ("new", "cur") for path in sorted((inbox / folder).glob("*"))]
