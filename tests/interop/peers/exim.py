# tests/interop/peers/exim.py: Exim (exim4-daemon-light), as a relay that sends everything on to one port of loopback.
from interop.peers.peer import Peer

EXIM = 4003


class Exim(Peer):
    name = "exim"
    packages = ("exim4-daemon-light",)
    users = (("Debian-exim", EXIM, "/var/spool/exim4"), ("mail", 8, "/var/mail"))
    log = "var/log/exim4/mainlog"
    extensions = ("PIPELINING", "SIZE", "8BITMIME", "DSN", "CHUNKING", "SMTPUTF8")

    def configure(self):
        onwards = f"driver = manualroute\n  transport = remote\n  self = send\n  route_list = * 127.0.0.1::{self.relay_port}" if self.relay_port \
            else "driver = redirect\n  data = :blackhole:"
        self.write("etc/exim4/exim4.conf", f"""\
primary_hostname = exim.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
acl_smtp_rcpt = acl_ok
acl_smtp_data = acl_ok
acl_smtp_mail = acl_ok
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_advertise_hosts =
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
chunking_advertise_hosts = *
pipelining_advertise_hosts = *
message_size_limit = 50M
check_spool_space = 0
accept_8bitmime = true
allow_utf8_domains = true
queue_run_max = 5
begin acl
acl_ok:
  accept
begin routers
onwards:
  {onwards}
begin transports
remote:
  driver = smtp
  allow_localhost
  hosts_avoid_tls = *
  hosts_try_fastopen =
  message_linelength_limit = 1000000
begin retry
* * F,2h,1s
begin rewrite
begin authenticators
""")
        for path in ("input", "msglog", "db"):
            self.folder(f"var/spool/exim4/{path}", 0o750, EXIM)
        self.folder("var/spool/exim4", 0o750, EXIM)
        self.folder("var/log/exim4", 0o750, EXIM)
        self.folder("run/exim4", 0o755, EXIM)

    def command(self):
        return ["/usr/sbin/exim4", "-bdf", "-q1s"]
