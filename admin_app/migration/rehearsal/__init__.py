"""A rehearsed migration: made-up people arrive over days and go through the real services."""
