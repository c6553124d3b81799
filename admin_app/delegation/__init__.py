"""Offices: who administers a unit, since when, by whom, and who may change that."""
