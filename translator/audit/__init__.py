"""Audit: findings by meaning, semantic differences, translation, repair, reports."""
