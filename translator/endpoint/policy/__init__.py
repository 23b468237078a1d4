"""Policies of Windows hosts: their texts and names, and which of two applies."""
