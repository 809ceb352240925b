# tests/interop/peers/postfix.py: Postfix, as a relay that sends everything on to one port of loopback.
from interop.peers.peer import Peer

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
# name, type, private, unprivileged, chroot, wakeup, limit, program
SERVICES = """\
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
virtual   unix  -       n       n       -       -       virtual
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
POSTFIX, POSTDROP = 4001, 4002


class Postfix(Peer):
    name = "postfix"
    packages = ("postfix",)
    users = (("postfix", POSTFIX, "/var/spool/postfix"), ("postdrop", POSTDROP, "/"))
    log = "var/log/mail.log"
    extensions = ("PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES")

    def configure(self):
        settings = {
            "compatibility_level": "3.6", "myhostname": "postfix.example", "mydestination": "", "mynetworks": "127.0.0.0/8",
            "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4", "smtpd_peername_lookup": "no", "disable_dns_lookups": "yes",
            "smtp_host_lookup": "native", "local_recipient_maps": "", "alias_maps": "", "alias_database": "", "maillog_file": "/var/log/mail.log",
            "smtp_tls_security_level": "none", "smtpd_tls_security_level": "none", "smtputf8_enable": "yes", "message_size_limit": "50000000",
            "smtpd_relay_restrictions": "permit_mynetworks, reject", "smtpd_error_sleep_time": "0", "biff": "no", "smtpd_discard_ehlo_keywords": "",
            "relayhost": f"[127.0.0.1]:{self.relay_port}" if self.relay_port else "",
            "default_transport": "smtp" if self.relay_port else "discard",
            "minimal_backoff_time": "1s", "maximal_backoff_time": "2s", "queue_run_delay": "1s",
        }
        self.write("etc/postfix/main.cf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        self.write("etc/postfix/master.cf", f"127.0.0.1:{self.port} inet n - n - - smtpd\n" + SERVICES)
        self.write("etc/postfix/dynamicmaps.cf", "")
        self.folder("var/spool/postfix")
        for queue in QUEUES:
            self.folder(f"var/spool/postfix/{queue}", 0o700, POSTFIX, 0)
        self.folder("var/spool/postfix/maildrop", 0o1730, POSTFIX, POSTDROP)
        self.folder("var/spool/postfix/public", 0o2710, POSTFIX, POSTDROP)
        self.folder("var/spool/postfix/private", 0o700, POSTFIX, 0)
        self.folder("var/spool/postfix/pid", 0o755)
        self.folder("var/lib/postfix", 0o755, POSTFIX)

    def command(self):
        return ["/usr/lib/postfix/sbin/master", "-d"]
