"""What is wrong with a field, and what to write instead, in a sentence. Pure."""

import difflib
import re
from enum import StrEnum
from typing import Any, Final

from pydantic.alias_generators import to_camel

from teams_numbers.contracts import CONTEXT_DEPTH, Action, AssignmentCategory, ExistingNumber, NumberRequest, NumberType
from teams_numbers.fields import ID_FORM

#: The contract's fields by their name on the wire.
FIELDS: Final = {to_camel(name): field for name, field in NumberRequest.model_fields.items()}
#: How much of an unknown field's name is repeated, and of a wrong value.
_NAME_LENGTH = 64
_CHOICES: Final[dict[str, type[StrEnum]]] = {
    "action": Action,
    "numberType": NumberType,
    "assignmentCategory": AssignmentCategory,
    "existingNumber": ExistingNumber,
}
#: What other tools call each field, in lower case: Microsoft's bulk assignment sheet, the Teams PowerShell cmdlets,
#: common scripts. A name that is nearly ours, such as PhoneNumber or Location, is found without an entry.
_OTHER_NAMES: Final = {
    "telephoneNumber": "number phone telephone lineuri onpremlineuri tel did ddi",
    "numberType": "type",
    "userPrincipalName": "upn identity user email mail emailaddress primarysmtpaddress signinname",
    "assignmentTargetId": "objectid userid targetid oid azureadobjectid externaldirectoryobjectid assignedto",
    "pool": "poolname numberpool",
    "locationId": "emergencylocation emergencylocationid emergencyaddress",
    "assignmentCategory": "category",
    "requestId": "id",
    "notBefore": "startdate effectivedate",
    "dryRun": "whatif",
    "action": "operation",
    "existingNumber": "existing replace overwrite",
}
_OTHER_WORDS: Final[dict[str, dict[str, StrEnum]]] = {
    "numberType": {
        "ocmobile": NumberType.OPERATOR_CONNECT,
        "dr": NumberType.DIRECT_ROUTING,
        "cp": NumberType.CALLING_PLAN,
        "oc": NumberType.OPERATOR_CONNECT,
    },
    "action": {
        "add": Action.ASSIGN,
        "create": Action.ASSIGN,
        "set": Action.ASSIGN,
        "remove": Action.UNASSIGN,
        "delete": Action.UNASSIGN,
        "release": Action.UNASSIGN,
    },
    "existingNumber": {"overwrite": ExistingNumber.REPLACE, "keep": ExistingNumber.REFUSE},
}
#: What a value must be that has the right type and a wrong form.
_FORMS: Final = {
    "requestId": "must be 1 to 128 of the characters A-Z a-z 0-9 . _ : - and nothing else; write hire-2026-00417",
    "assignmentTargetId": "must be the user's object id, a GUID such as 6f0b2f8c-90f5-4a0e-9c39-1f0a3f8b6d21",
    "userPrincipalName": "must be one user principal name, such as anna@contoso.example",
    "telephoneNumber": "is longer than 64 characters: write one number, such as +1 206 555 0100",
    "pool": "must be a pool's name: a-z, 0-9, dots, dashes and underscores, up to 64, such as seattle",
    "locationId": "must be the emergency location's id: letters, digits and dashes, up to 64",
    "notBefore": "must be text: a real date and time with an offset, such as 2026-03-02T08:00:00+01:00",
    "context": 'must be a JSON object, such as {"employeeId": "00417"}',
}


def say(name: str, problem: dict[str, Any]) -> str:
    """Return what is wrong with a field and what it must be, the field named.

    Args:
        name: as the message has it; perhaps no field of the contract.
        problem: pydantic's, with its input.
    """
    if name not in FIELDS:
        meant = field_meant(name)
        hint = f", did you mean {meant}?" if meant else ": leave it out, or put it into context"
        return f"{name[:_NAME_LENGTH]!a}: unknown field{hint}"
    return f"{name}: {_problem(name, problem)}"


def field_meant(name: str) -> str | None:
    """Return the contract's field that somebody meant by another name, or None."""
    plain = _plain(name)
    other = next((field for field, names in _OTHER_NAMES.items() if plain in names.split()), None)
    return other or _nearest(plain, {_plain(field): field for field in FIELDS})


def _problem(name: str, problem: dict[str, Any]) -> str:
    kind, value = problem["type"], problem.get("input")
    if name in _CHOICES:
        return _choice(name, value)
    if kind == "value_error":
        return str(problem["msg"]).removeprefix("Value error, ")
    if kind == "string_type":
        return "must be text: write it in quotes" if isinstance(value, int | float) else "must be text in quotes"
    if kind == "bool_type":
        return "must be true or false, without quotes"
    if kind == "dict_type" and isinstance(value, str):
        return "must be a JSON object, not text: send the object itself"
    if kind == "recursion_depth_exceeded":
        return f"is nested more than {CONTEXT_DEPTH} deep; keep a reference here and the data elsewhere"
    if name == "userPrincipalName" and re.fullmatch(ID_FORM, str(value).strip()):
        return "is an object id: send it as assignmentTargetId"
    return _FORMS.get(name) or str(problem["msg"])


def _choice(name: str, value: object) -> str:
    allowed = ", ".join(_CHOICES[name])
    if not isinstance(value, str):
        return f"must be text in quotes, one of: {allowed}"
    words = {_plain(word): str(word) for word in _CHOICES[name]}
    plain = _plain(value)
    begun = [word for short, word in words.items() if short.startswith(plain)]
    known = _OTHER_WORDS.get(name, {}).get(plain) or (begun[0] if len(begun) == 1 else None)
    meant = known or _nearest(plain, words)
    return f"must be one of: {allowed}" + (f"; did you mean {meant}?" if meant else "")


def _nearest(plain: str, names: dict[str, str]) -> str | None:
    found = difflib.get_close_matches(plain[:_NAME_LENGTH], names, cutoff=0.8)
    return next((names[name] for name in found), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())[:_NAME_LENGTH]
