"""Cisco IOS and IOS-XE routers: modular QoS (class-map, policy-map, service-policy)."""

from translator.drivers.cisco_ios.driver import CiscoIos

__all__ = ["CiscoIos"]
