"""The Functions host keeps its promises, as a process with real apps on a real queue service."""
