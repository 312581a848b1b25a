"""The plain way, one operation at a time."""
