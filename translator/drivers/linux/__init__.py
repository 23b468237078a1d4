"""Plain Linux: nftables, iptables and tc, read and written."""

from translator.drivers.linux.driver import Linux

__all__ = ["Linux"]
