"""Figures of moving in for any part of the tree, kept as it happens, not counted when asked."""
