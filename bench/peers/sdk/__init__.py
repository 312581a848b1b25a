"""The msgraph-sdk way."""
