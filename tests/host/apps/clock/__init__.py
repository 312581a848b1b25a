"""Writes down when its timer runs."""
