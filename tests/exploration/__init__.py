"""The real code, explored: every interleaving of a small world, until no new state appears."""
