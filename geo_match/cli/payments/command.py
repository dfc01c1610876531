"""The commands of `payments` and their help; what they do stands in a module imported later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from geo_match.cli import parsers

_PAYMENTS: Final = "Decide the programme's payments by rule, with their evidence, and explain one."
_STATUS: Final = (
    "Exit status: 0 done; 1 refused, and nothing written; 2 the command line is wrong; 128 + n "
    "stopped by the signal n, and nothing written."
)
_QUESTIONS: Final = (
    "What the notice leaves open is answered with --answer NAME=VALUE, as often as needed, and "
    "every decision states the answers. A question left open stops no decision: both answers are "
    "looked at, and where they differ the outcome is unknown 待定, which is never pass.\n\n"
    "NAME is cap_year (calendar, rolling), year_fixed_by (hired_on, contract_from, qualified_on), "
    "cap_across_operators, difficulty_is_key_group, registered_unemployed_is_key_group, "
    "group_tested (before_hire, hired_on, as_of), two_payments_for_one_hire, income_months (run, "
    "all), income_by (each_month, average), assistance_needs_public_welfare_post, head_counted "
    "(once, yearly), service_within_months (a number), stable_income_ratio (0 to 1). Those without "
    "a list take yes or no.\n\n"
    "PAYMENT is survey_registration 调查登记, stable_employment 稳定就业, flexible_employment "
    "灵活就业, post_insurance_subsidy 社保补贴和岗位补贴, employment_assistance 就业援助, "
    "demonstration 示范街道社区, operation 运营费用 or supervision 监理费用."
)
_DECIDE: Final = (
    "Decide a payment for every case that a folder's records hold, as of a day.\n\n"
    "The folder is laid out as the command demo writes it: seekers, households, jobs, communities "
    "and operators .parquet, and under history/ employments, services, insurance, incomes, spells, "
    "former_seekers, welfare_posts, surveys and recognitions. What is missing makes what rests on "
    "it unknown.\n\n"
    "One row a case: payment, case, person, payee_kind, payee, on, as_of, outcome (pass, fail, "
    "unknown), amount_cny, failed and unknown (names of conditions), missing (what would make it "
    "pass), cap, evidence (ids), rule with version, day and source, answers, en, zh. With "
    "--conditions a row a condition.\n\n"
    "What came after the day is not looked at, so that the same day gives the same decisions. Rows "
    "name persons by their ids: keep them as safe as the records."
)
_EXPLAIN: Final = (
    "Explain the decision on one case: each condition, its evidence, and what is missing.\n\n"
    "ID is the case as decide lists it: a hire's id for payments on hires."
)

Folder = Annotated[
    Path,
    typer.Option("--folder", metavar="DIR", show_default=False, help="The records, as above."),
]
Payment = Annotated[
    str, typer.Option("--payment", metavar="PAYMENT", show_default=False, help="Which, as above.")
]
AsOf = Annotated[
    str,
    typer.Option(
        "--as-of",
        metavar="DAY",
        parser=parsers.parse_day,
        show_default=False,
        help="The day whose knowledge decides, such as 2025-03-01.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        show_default=False,
        help="Where to write the rows: .csv, .xlsx, .ndjson or .parquet; the numbers alone if not "
        "given.",
    ),
]
Conditions = Annotated[
    bool, typer.Option("--conditions", help="Write a row a condition instead of a row a case.")
]
Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", metavar="NAME=VALUE", show_default=False, help="As above."),
]
Tiers = Annotated[
    list[str] | None,
    typer.Option(
        "--tier",
        metavar="CODE=N",
        show_default=False,
        help="The tier, from 1, of the minimum wage in a division (six digits). Where it is not "
        "given, only what holds in every tier is known.",
    ),
]
Amount = Annotated[
    str | None,
    typer.Option(
        "--amount",
        metavar="CNY",
        show_default=False,
        help="What a case that passes is paid; needs --amount-source. None is assumed.",
    ),
]
AmountSource = Annotated[
    str | None,
    typer.Option(
        "--amount-source", metavar="TEXT", show_default=False, help="Where the amount stands."
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", show_default=False, help="The case.")]

payments = typer.Typer(help=_PAYMENTS, epilog=_STATUS, no_args_is_help=True)


@payments.command(help=f"{_DECIDE}\n\n{_QUESTIONS}", epilog=_STATUS)
def decide(
    *,
    folder: Folder,
    payment: Payment,
    as_of: AsOf,
    out: Out = None,
    conditions: Conditions = False,
    answer: Answers = None,
    tier: Tiers = None,
    amount: Amount = None,
    amount_source: AmountSource = None,
) -> None:
    """Decide a payment."""
    from geo_match.cli.payments import asking, deciding  # noqa: PLC0415 - help must not wait

    if out is None and conditions:
        message = "must be given with --out, which it says what to write to."
        raise typer.BadParameter(message, param_hint="--conditions")
    asked = asking.read(
        payment, as_of, answers=answer, tiers=tier, amount=amount, source=amount_source
    )
    deciding.decide_folder(folder, asked, out, conditions=conditions)


@payments.command(help=f"{_EXPLAIN}\n\n{_QUESTIONS}", epilog=_STATUS)
def explain(
    *,
    id_: Id,
    folder: Folder,
    payment: Payment,
    as_of: AsOf,
    answer: Answers = None,
    tier: Tiers = None,
) -> None:
    """Explain a decision."""
    from geo_match.cli.payments import asking, deciding  # noqa: PLC0415 - help must not wait

    asked = asking.read(payment, as_of, answers=answer, tiers=tier)
    deciding.explain_case(folder, asked, id_)
