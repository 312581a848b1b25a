"""`python -m desk`."""

from desk.app import main

main()
