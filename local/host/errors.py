"""The one error that ends the host."""


class HostError(Exception):
    """The host cannot start; the message is one line and says what to do."""
