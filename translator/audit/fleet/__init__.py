"""An audit of many files: in batches, on many cores or machines, with a cache."""
