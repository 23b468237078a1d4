"""An Arista EOS device."""

from __future__ import annotations

from .device import EosDevice
from .eapi import serving_eapi

__all__ = ["EosDevice", "serving_eapi"]
