"""Measures of the server against its peers; see README.md."""
