"""A Microsoft Graph emulator: the Teams number calls as documented, and every fault on demand.

`vocabulary` (Graph's words) <- `twists`, `magic` (data: what goes wrong, and for which number) <- `inventory`, `tenant`
(the state) <- `service` (the calls) <- `emulator` (token, limit, faults around them) <- `server` or `adapter`.
"""
