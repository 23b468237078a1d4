"""Juniper Junos: firewall filters and class-of-service, read and written in both its forms."""

from translator.drivers.juniper_junos.driver import JuniperJunos, JuniperJunosQfx, JuniperJunosSrx

__all__ = ["JuniperJunos", "JuniperJunosQfx", "JuniperJunosSrx"]
