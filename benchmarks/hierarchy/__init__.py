"""How fast the tree answers at 10,000, 100,000 and 1,000,000 units, on both databases."""
