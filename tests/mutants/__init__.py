"""Seeded faults, put into the package one by one, each of which the tests must catch."""
