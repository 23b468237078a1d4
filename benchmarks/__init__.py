"""Measurements that the README quotes; run all with `make bench`."""
