"""One module per format of the endpoint side; each reads and, where it can, writes settings."""
