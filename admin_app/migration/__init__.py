"""Moving in: legacy accounts, whose they are, binding them, and why somebody is stuck."""
