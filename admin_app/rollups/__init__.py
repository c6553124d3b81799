"""Figures of moving in for any part of the tree, kept as it happens instead of counted when asked."""
