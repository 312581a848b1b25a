"""An operation's way out: from an order that Graph has accepted to its completion event."""
