"""Arista EOS: class-maps and policies where packets enter, traffic classes, transmit queues."""

from translator.drivers.arista_eos.driver import AristaEos

__all__ = ["AristaEos"]
