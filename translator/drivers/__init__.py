"""The platforms: what a driver offers, one folder for each family, and what they share."""
