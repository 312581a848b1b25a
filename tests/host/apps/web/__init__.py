"""Wants HTTP."""
