"""Declares no function."""

import azure.functions as func

app = func.FunctionApp()
