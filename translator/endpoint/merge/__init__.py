"""Several files become one plan: scopes, tables and host policies held against its base."""
