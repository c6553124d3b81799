"""How fast cases are found at a million of them, on both databases, beside plain LIKE."""
