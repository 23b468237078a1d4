"""PowerShell as far as scripts of settings need it: read into commands, and quoted when written."""
