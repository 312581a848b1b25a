"""App settings: the environment, `local.settings.json` under it, and what refers to them."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.host.errors import HostError


class AppSettings:
    """The app settings by name, ignoring case as the real host's configuration does.

    Args:
        values: the settings; an empty one counts as missing.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name.lower(): value for name, value in values.items() if value}

    def get(self, name: str) -> str | None:
        """Return a setting's value, or None."""
        return self._values.get(name.lower())

    def under(self, prefix: str) -> dict[str, str]:
        """Return the settings whose names start with a prefix, by the rest of the name in lower case."""
        prefix = prefix.lower()
        return {name.removeprefix(prefix): value for name, value in self._values.items() if name.startswith(prefix)}

    def expand(self, text: str, where: str) -> str:
        """Return the text with each `%NAME%` replaced by that setting.

        Args:
            text: a trigger's queue name, schedule or connection.
            where: what it belongs to, for the error.

        Raises:
            HostError: a setting is missing.
        """

        def value(expression: re.Match[str]) -> str:
            found = self.get(expression[1])
            if found is None:
                message = (
                    f"{where} is {text!r}, and the setting {expression[1]} is missing: "
                    "set it in the environment or in local.settings.json"
                )
                raise HostError(message)
            return found

        return re.sub(r"%([^%]+)%", value, text)


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file.

    Raises:
        HostError: there is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        message = f"{path.name} is missing in {path.parent}"
        raise HostError(message) from None
    except (OSError, ValueError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise HostError(message) from error
    if not isinstance(content, dict):
        message = f"{path.name} is no JSON object"
        raise HostError(message)
    return content


def load_app_settings(app: Path) -> AppSettings:
    """Put the Values of the app's `local.settings.json` into the environment, where it has not set them itself.

    Raises:
        HostError: the file is encrypted or a value is no string.
    """
    path = app / "local.settings.json"
    if path.exists():
        content = read_json(path)
        if content.get("IsEncrypted"):
            message = "local.settings.json is encrypted: decrypt it with `func settings decrypt`"
            raise HostError(message)
        for name, value in content.get("Values", {}).items():
            if not isinstance(value, str):
                message = f"local.settings.json: the value of {name} must be a string"
                raise HostError(message)
            os.environ.setdefault(name, value)
    return AppSettings(os.environ)
