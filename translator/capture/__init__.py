"""Packets of a capture file, held against the plan or against what a configuration does."""
