"""How fast accounts are imported, matched and bound; ``python -m benchmarks.migration``."""
