"""The options that several commands share."""

from typing import Annotated

import typer

Local = Annotated[
    bool, typer.Option("--local", help="Use the local stack on its usual ports, whatever the environment says.")
]
ShowNumbers = Annotated[
    bool, typer.Option("--show-numbers", help="Show telephone numbers and people in full; else they are masked.")
]
For = Annotated[float, typer.Option("--for", min=0, help="Seconds to go on looking; 0: look once.")]
ClientId = Annotated[
    str | None,
    typer.Option(envvar="DESK_CLIENT_ID", help="The app registration to sign in to Graph with; its client id."),
]
TenantId = Annotated[
    str | None,
    typer.Option(envvar=["DESK_TENANT_ID", "AZURE_TENANT_ID"], help="The tenant of that app registration."),
]
DeviceCode = Annotated[
    bool, typer.Option("--device-code", help="Sign in with a code on another device, not with a browser here.")
]
Every = Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")]
