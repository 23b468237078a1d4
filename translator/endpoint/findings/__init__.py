"""What an import tells its administrator, and how names and commands are written there."""
