"""Looks at devices and changes nothing: checks them, reads their configurations and counters."""
