"""The queue service's promises, kept by Azurite and by the one in memory alike."""
