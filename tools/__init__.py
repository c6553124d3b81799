"""What developers run: the checks and generators behind the Makefile."""
