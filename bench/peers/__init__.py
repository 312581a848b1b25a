"""What the app is compared with: the same two functions, written the obvious ways. Each folder is a function app."""
