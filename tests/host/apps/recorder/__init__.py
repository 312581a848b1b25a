"""Writes down what its queue brings."""
