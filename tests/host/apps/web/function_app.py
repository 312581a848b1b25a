"""Wants a trigger that the host does not have."""

import azure.functions as func

app = func.FunctionApp()


@app.route("hello")
def hello(req: func.HttpRequest) -> func.HttpResponse:
    """Answer."""
    return func.HttpResponse(req.url)
