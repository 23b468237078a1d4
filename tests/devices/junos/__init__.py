"""A Juniper Junos device."""

from __future__ import annotations

from .device import JunosDevice

__all__ = ["JunosDevice"]
