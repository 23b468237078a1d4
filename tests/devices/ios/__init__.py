"""A Cisco IOS device."""

from __future__ import annotations

from .device import IosDevice

__all__ = ["IosDevice"]
