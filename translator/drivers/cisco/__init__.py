"""What the Cisco command-line families share: lines, ports, access lists, class-maps."""
