"""Files of the endpoint side: which are read, and how their bytes become text."""
