"""Nothing lost, nobody let in: the fault suite and its figures. `python -m tests.reliability`; docs/reliability.md."""
