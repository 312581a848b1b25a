"""The whole system on one machine: queue service, Functions host, Graph emulator, identity endpoint."""
