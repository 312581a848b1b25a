"""The two triggers and nothing else: what the Functions host sees.

What the app works with is imported when the first message comes: the host gives an app ten seconds to start, on a
quarter of a core.
"""

from datetime import UTC, datetime

import azure.functions as func

from teams_numbers.settings import load

settings = load()  # a missing or wrong setting stops the app here, by name
app = func.FunctionApp()


@app.queue_trigger(arg_name="message", queue_name="%REQUESTS_QUEUE%", connection="NumbersStorage")
def assign_number(message: func.QueueMessage) -> None:
    """Submit one request to Graph."""
    from assign_number import request, submission  # noqa: PLC0415 - see above
    from teams_numbers.services import open_services  # noqa: PLC0415 - see above

    envelope = request.Envelope(
        text=message.get_body().decode(errors="replace"),
        message_id=message.id or "",
        deliveries=message.dequeue_count or 1,
        inserted_at=request.stored_at(message.insertion_time, datetime.now(UTC)),
    )
    submission.handle(envelope, open_services(settings))


@app.timer_trigger(arg_name="timer", schedule="%POLL_SCHEDULE%")
def poll_operation(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host hands it over
    """Follow the operations that are due."""
    from poll_operation import poller  # noqa: PLC0415 - see above
    from teams_numbers.services import open_services  # noqa: PLC0415 - see above

    poller.run(open_services(settings))
