# tests/interop/peers: mail servers of other people, as Debian ships them, each unpacked into a root of its own and run on loopback.
from interop.peers.dovecot import Dovecot
from interop.peers.exim import Exim
from interop.peers.opensmtpd import OpenSmtpd
from interop.peers.postfix import Postfix

RELAYS = (Postfix, Exim, OpenSmtpd)

__all__ = ["Dovecot", "Exim", "OpenSmtpd", "Postfix", "RELAYS"]
