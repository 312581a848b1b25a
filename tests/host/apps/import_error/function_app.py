"""Cannot be imported unless a setting is there."""

import os

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
WANTED = os.environ["WANTED_SETTING"]
