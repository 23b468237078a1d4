"""Formats of inventories: one module reads one; `registry` tells them apart."""
