"""Telling people: what the outbox says becomes notices in the console, and mail to who wants it."""
