"""The commands, one thin file each, and how they read, show and write."""
