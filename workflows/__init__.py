"""What is derived in workflows/: the published schema inside each Parse JSON, and the Power Automate packages."""
