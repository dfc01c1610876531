"""What is asked of `payments`, read from its options."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import typer

from geo_match.cli.parsers import check_unused, day_of
from geo_match.errors import ArgumentError, FileError
from geo_match.policy.payments import PAYMENTS, RULES, PaymentOptions
from geo_match.rules import Dated, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OTHERS: Final = frozenset(
    {
        "organising_services",
        "no_contact_results",
        "wage_tiers",
        "minimum_wage",
        "minimum_hourly_wage",
        "amounts",
    }
)
"""Options that have their own form, or none here."""
_NAMES: Final = tuple(one.name for one in fields(PaymentOptions) if one.name not in _OTHERS)
_WORDS: Final = {"yes": True, "no": False, "open": None}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be decided.

    Parameters
    ----------
    payment
        Which payment.
    as_of
        The day whose knowledge decides.
    options
        The answers to open questions.
    """

    payment: str
    as_of: dt.date
    options: PaymentOptions


def read(
    payment: str,
    as_of: str,
    *,
    answers: Iterable[str] | None,
    tiers: Iterable[str] | None,
    amount: str | None = None,
    source: str | None = None,
) -> Asked:
    """Return what is asked.

    Raises
    ------
    typer.BadParameter
        If a word is none that can be read, or an answer is none to its question.
    """
    if payment not in PAYMENTS:
        message = f"must be one of {', '.join(PAYMENTS)}, got {payment!r}."
        raise typer.BadParameter(message, param_hint="--payment")
    given: dict[str, Any] = dict(_answer(one) for one in answers or ())
    given["wage_tiers"] = dict(_tier(one) for one in tiers or ())
    given["amounts"] = _amounts(payment, amount, source)
    try:
        options = PaymentOptions(**given)
    except ArgumentError as error:
        hint = "--tier" if error.argument == "wage_tiers" else "--answer"
        raise typer.BadParameter(str(error), param_hint=hint) from error
    return Asked(payment, dt.date.fromisoformat(as_of), options)


def read_anew(
    payment: str | None,
    as_of: str,
    *,
    answers: list[str] | None,
    tiers: list[str] | None,
    amount: str | None,
    source: str | None,
    decides: bool,
) -> Asked | None:
    """Return what is asked to decide claims of a payment anew; None where nothing is decided.

    Raises
    ------
    typer.BadParameter
        If something is decided and no payment named: each has an amount of its own. Or if nothing
        is, and what only that needs was given. Or as `read` does.
    """
    if not decides:
        given: dict[str, object] = {"--payment": payment, "--answer": answers, "--tier": tiers}
        given |= {"--amount": amount, "--amount-source": source}
        unused = {name: bool(value) for name, value in given.items()}
        check_unused(unused, "without --folder: nothing is decided anew then.")
        return None
    if payment is None:
        message = "must be given with --folder: one payment is decided anew, by its own amount."
        raise typer.BadParameter(message, param_hint="--payment")
    return read(payment, as_of, answers=answers, tiers=tiers, amount=amount, source=source)


def day_of_step(on: str | None) -> dt.date:
    """Return the day of a step; today in China if None.

    Raises
    ------
    typer.BadParameter
        If it is yet to come: no earlier step could be added then, and a public notice be cut short.
    """
    day, today = day_of(on), day_of(None)
    if day > today:
        message = f"must not lie after today, {today}, got {day}."
        raise typer.BadParameter(message, param_hint="--on")
    return day


def read_seed(path: Path) -> str:
    """Return the seed that a file holds, without the spaces and ends of lines around it.

    Raises
    ------
    FileError
        If it holds no text in UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        remedy = "Write the seed as a line of text."
        raise FileError(
            path, "be a text in UTF-8", "other bytes", remedy
        ) from None  # it has the secret


def _answer(text: str) -> tuple[str, Any]:
    name, separator, word = text.partition("=")
    if not separator or name not in _NAMES:
        message = f"must be NAME=VALUE, with a name of {', '.join(_NAMES)}, got {text!r}."
        raise typer.BadParameter(message, param_hint="--answer")
    if word in _WORDS:
        return name, _WORDS[word]
    if name not in {"service_within_months", "stable_income_ratio"}:
        return name, word
    try:
        return name, int(word) if name == "service_within_months" else float(word)
    except ValueError:
        message = f"must have a number for {name}, got {word!r}."
        raise typer.BadParameter(message, param_hint="--answer") from None


def _tier(text: str) -> tuple[str, int]:
    code, _, tier = text.partition("=")
    # Six digits are a division; a tier of more than three digits is none.
    if not (len(code) == 6 and code.isdigit() and tier.isdigit() and len(tier) < 4):  # noqa: PLR2004 - as just said
        message = f"must be CODE=N, such as 340302=2, got {text!r}."
        raise typer.BadParameter(message, param_hint="--tier")
    return code, int(tier)


def _amounts(payment: str, amount: str | None, source: str | None) -> dict[str, Dated[Decimal]]:
    if amount is None and source is None:
        return {}
    if amount is None or source is None:
        name, other = ("--amount", "--amount-source") if amount else ("--amount-source", "--amount")
        message = f"must be given together with {other}."
        raise typer.BadParameter(message, param_hint=name)
    try:
        cny = Decimal(amount)
    except InvalidOperation:
        cny = Decimal(-1)
    if not cny.is_finite() or cny <= 0:
        message = f"must be an amount above 0, got {amount!r}."
        raise typer.BadParameter(message, param_hint="--amount")
    since = RULES[payment].entries[0].valid_from
    return {payment: Dated(f"amount.{payment}", (Entry(cny, since, None, source),))}
