"""Puts a configuration on a device so that it ends old or proven new, never between."""
