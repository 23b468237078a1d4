"""What cmdlets print: objects with properties, and the settings of each kind of object."""
