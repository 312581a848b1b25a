"""Cannot be imported unless a setting is there."""

import os

import azure.functions as func

app = func.FunctionApp()
WANTED = os.environ["WANTED_SETTING"]
