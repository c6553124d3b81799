"""One chart a file: pure functions from rows to a figure, to the sentence above it, to a table."""
