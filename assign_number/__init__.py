"""A request's way in: from a message on the request queue to an order that Graph has accepted, or to its event."""
