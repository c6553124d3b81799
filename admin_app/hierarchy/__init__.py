"""The one tree: departments, first-level units, secondary units, and how it changes."""
