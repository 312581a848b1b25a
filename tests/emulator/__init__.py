"""The Graph emulator and the identity endpoint keep what they promise."""
