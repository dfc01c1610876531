"""What must hold of a key before it is issued."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import exists, select

from geo_match import codes
from geo_match.errors import ArgumentError
from geo_match.store.keys.records import COMMUNITY, ROLES
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LONGEST: Final = 200
_AREA: Final = re.compile(r"\d{6}|\d{9}|\d{12}", re.ASCII)


def check_role(role: str) -> str:
    """Return a role; raise ArgumentError if there is none of that name."""
    if role not in ROLES:
        raise ArgumentError("role", f"be one of {', '.join(ROLES)}", repr(role))
    return role


def check_label(label: str) -> str:
    """Return whose key it is, without blanks around.

    Raises
    ------
    ArgumentError
        If it is blank, more than one line of 200 characters, or holds an ID-card number.
    """
    text = label.strip()
    if not text:
        raise ArgumentError("label", "be a text that is not blank", repr(label))
    if len(text) > _LONGEST or not text.isprintable():
        found = f"{len(text)} characters"
        raise ArgumentError("label", f"be one line of at most {_LONGEST} characters", found)
    try:
        return codes.check_no_id_card(text)
    except ValueError:
        raise ArgumentError(
            "label",
            "hold no ID-card number",
            repr(codes.mask_id_cards(text)),
            "Name the office or the system, and nobody.",
        ) from None


def check_area(role: str, community: str | None) -> str | None:
    """Return the area of a key as it is kept.

    Raises
    ------
    ArgumentError
        If the role needs one and has none, or has one and needs none; or if it is no code.
    """
    if role != COMMUNITY:
        if community is not None:
            rule = f"be given for the role {COMMUNITY} alone"
            raise ArgumentError("community", rule, f"{community!r} for {role}", "Leave it out.")
        return None
    rule = "be 12 digits of a community, or the first 9 of a street's or 6 of a district's"
    if community is None:
        remedy = f"The role {COMMUNITY} sees its own area, so it must be said."
        raise ArgumentError("community", rule, "none", remedy)
    code = codes.narrow(community).strip()
    if _AREA.fullmatch(code) is None:
        raise ArgumentError("community", rule, repr(community))
    return code


def check_known(connection: Connection, area: str) -> None:
    """Check that a store has a community in an area; raise ArgumentError if it has none."""
    known = TABLES["communities"].c.id.startswith(area, autoescape=True)
    if not connection.execute(select(exists().where(known))).scalar_one():
        raise ArgumentError(
            "community",
            "be the code of a community in the store, or begin one",
            repr(area),
            "Is it right? Import the communities before their keys are made.",
        )


def check_expiry(expires_at: dt.datetime | None, now: dt.datetime) -> None:
    """Check that a moment has a zone, lies ahead, and is one in UTC; raise ArgumentError if not."""
    if expires_at is None:
        return
    if expires_at.tzinfo is None:
        remedy = "Add one, such as datetime.UTC."
        raise ArgumentError("expires_at", "have a time zone", repr(expires_at), remedy)
    if expires_at <= now:
        raise ArgumentError("expires_at", "lie ahead", f"{expires_at:%Y-%m-%d %H:%M:%S %z}")
    try:
        expires_at.astimezone(dt.UTC)
    except OverflowError:
        raise ArgumentError(
            "expires_at",
            "lie before the year 10000, in UTC too",
            f"{expires_at:%Y-%m-%d %H:%M:%S %z}",
            "A key without an end has none here: leave it out.",
        ) from None
