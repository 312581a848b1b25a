"""One-word commands behind the Makefile."""
