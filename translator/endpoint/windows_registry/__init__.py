"""The Windows registry as far as QoS needs it: files of `regedit`, and where the values lie."""
