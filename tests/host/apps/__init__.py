"""Function apps for the host to run, one folder each."""
