"""The options that several commands share."""

from typing import Annotated

import typer

Local = Annotated[
    bool, typer.Option("--local", help="Use the local stack on its usual ports, whatever the environment says.")
]
ShowNumbers = Annotated[
    bool, typer.Option("--show-numbers", help="Show telephone numbers in full; else their middle is hidden.")
]
Every = Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")]
