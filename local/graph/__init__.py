"""A Microsoft Graph emulator: the Teams number calls as documented, the lookup of people, and every fault on demand.

`vocabulary`, `texts` (Graph's words) <- `twist_table`, `magic_tables`, `people` (data: what goes wrong, for which
number and whom) <- `inventory`, `number`, `listing`, `ledger` (numbers, their past, the list, what was counted) <-
`tenant` (the state in time) <- `orders`, `endings` (what becomes of an order) <- `writes`, `reads`, `users` (the calls)
<- `emulator` (token, limit, faults around them) <- `server` or `adapter`.
"""
