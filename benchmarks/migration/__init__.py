"""How fast accounts are matched and bound; ``python -m benchmarks.migration``."""
