"""The revisions, oldest first; ``make schema`` writes the next one."""
