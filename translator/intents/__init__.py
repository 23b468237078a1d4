"""What is wanted of a device, and what a device does, free of any vendor's words."""
