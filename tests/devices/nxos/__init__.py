"""A Cisco NX-OS device."""

from __future__ import annotations

from .device import NxosDevice

__all__ = ["NxosDevice"]
