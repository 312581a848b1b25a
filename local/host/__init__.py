"""A Functions host for one machine: any Python v2 app with queue and timer triggers runs on it.

    python -m local.host [--app DIR] [--lease SECONDS] [--drain SECONDS]

Microsoft's: `azure-functions` and `azure-functions-runtime`, the library inside the Python worker of Azure Functions.
It imports and indexes the app, turns a trigger's data into the function's arguments, and runs the function in its
thread pool. Ours is what the host process does around it, by host.json and the app settings: the queue trigger
(receive, lease, delete, give back, poison queue), the timer trigger, `%SETTING%` expressions, connections and
`local.settings.json`.

Left out: every other trigger and binding (an app that has one is refused, by name), retry policies, scaling and dynamic
concurrency, function timeouts, the sampling of logs, function keys and HTTP, and the timer's memory: the real host
keeps each timer's last run in a blob, so that it notices at its start that a run was missed. This one forgets, so
IsPastDue is always false.

Otherwise than in Azure: all functions share one process here, while on Flex Consumption the queue trigger and the timer
run in instances of their own and share no memory. And a stop is kinder: this host receives no more and waits 30
seconds (`--drain`) for what is in flight. The real one goes on receiving until its listeners have stopped, then waits
ten; what is not done by then stays leased for ten minutes.
"""
