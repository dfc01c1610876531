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
    "(once, yearly), survey_timely_by (done_on, entered_on), refusal_shows_service, "
    "service_within_months (a number), stable_income_ratio (0 to 1). Those without a list take yes "
    "or no.\n\n"
    "PAYMENT is survey_registration 调查登记, stable_employment 稳定就业, flexible_employment "
    "灵活就业, post_insurance_subsidy 社保补贴和岗位补贴, employment_assistance 就业援助, "
    "demonstration 示范街道社区, operation 运营费用 or supervision 监理费用."
)
_DECIDE: Final = (
    "Decide a payment for every case that a folder's records hold, as of a day.\n\n"
    "The folder is laid out as the command demo writes it: seekers, households, jobs, communities "
    "and operators .parquet, and under history/ employments, services, insurance, incomes, spells, "
    "former_seekers, closed_jobs, welfare_posts, surveys and recognitions. What is missing makes "
    "what rests on it unknown. A hire's pay an hour is that of its posting as it was open on the "
    "day of the hire, else the earliest known.\n\n"
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

_REGISTER: Final = (
    "The register is a file of JSON lines, a line a step, with who and when. Lines are only added: "
    "one that was changed, moved or taken out is found and refused, but not a line cut off at the "
    "end, so keep copies. It names persons by their ids: keep it as safe as the records."
)
_CLAIM: Final = (
    "Submit (申报) what passes: each case that was never claimed, or those named with --case; what "
    "was returned or recovered is claimed again by --case alone.\n\n"
    "The cases are decided with the claims of the register, so that no record and no place under a "
    "cap is claimed twice. Of several that rest on the same record the first is submitted."
)
_ADVANCE: Final = (
    "Make a step of claims: street_review 街道初核 (role street), district_review 区县复核, "
    "publish 公示 (with --until) and pay 拨付 (role district), return 退回 (by whom it lies with), "
    "recover 追回 (role district, of what was paid, once the money is back), and of a check that "
    "was drawn check_pass, check_fail and release (role supervisor).\n\n"
    "district_review and pay need --folder and the answers that were claimed with: the cases are "
    "decided anew, and a claim that its case no longer bears as it was claimed is refused. Answers "
    "and --amount are for all the claims named: name claims of payments with different amounts "
    "apart. Nobody does two roles' steps of one claim. Return, check_fail, release and recover "
    "need --note."
)
_DRAW: Final = (
    "Draw claims under way for a check by the supervisor; prints their ids.\n\n"
    "A claim is drawn or not by the seed and its id alone, so that a draw can be repeated and "
    "proved. Keep the seed, and what is printed, from operators."
)
_CLAIMS: Final = (
    "List the claims of a register as they are on a day: claim, payment, case, person, payee, "
    "amount_cny, state, zh, since, by, note, and of its check, which no operator may see, check, "
    "check_since, check_by, check_note.\n\n"
    "With --payee as that payee may see its own: nothing of checks. With --folder, --payment and "
    "the answers and amount that it was claimed with only those of that payment that a correction "
    "no longer bears, and what is to_do: return 退回, recover 追回 what was paid, or look 核实."
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
Register = Annotated[
    Path,
    typer.Option(
        "--register", metavar="FILE", show_default=False, help="The claims, such as claims.jsonl."
    ),
]
Who = Annotated[
    str,
    typer.Option(
        "--who",
        metavar="NAME",
        parser=parsers.parse_actor,
        show_default=False,
        help="Who does it, such as an account of the office. Never an ID-card number.",
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DAY",
        parser=parsers.parse_day,
        show_default=False,
        help="The day, whose knowledge decides; today in China by default. No step is made on a "
        "later one.",
    ),
]
Cases = Annotated[
    list[str] | None,
    typer.Option(
        "--case", metavar="ID", show_default=False, help="A case to claim, as often as needed."
    ),
]
Payee = Annotated[
    str | None,
    typer.Option("--payee", metavar="ID", show_default=False, help="Only what this payee claims."),
]
OtherPayment = Annotated[
    str | None,
    typer.Option(
        "--payment", metavar="PAYMENT", show_default=False, help="Which is decided anew, as above."
    ),
]
OtherFolder = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="DIR", show_default=False, help="The records, as decide reads them."
    ),
]
Step = Annotated[
    str, typer.Option("--step", metavar="STEP", show_default=False, help="Which, as above.")
]
Role = Annotated[
    str,
    typer.Option(
        "--role", metavar="ROLE", show_default=False, help="As what: street, district, supervisor."
    ),
]
Note = Annotated[
    str,
    typer.Option(
        "--note",
        metavar="TEXT",
        parser=parsers.parse_actor,
        show_default=False,
        help="Why, in a line, which the payee reads unless it is of a check. Never an ID-card "
        "number.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="DAY",
        parser=parsers.parse_day,
        show_default=False,
        help="The last day of the public notice; no source here says how long it must be.",
    ),
]
Share = Annotated[
    float,
    typer.Option(
        "--share",
        metavar="SHARE",
        min=0.0,
        max=1.0,
        show_default=False,
        help="The chance of each, from 0 to 1; no source here says how many must be checked.",
    ),
]
SeedFile = Annotated[
    Path,
    typer.Option(
        "--seed-file",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        show_default=False,
        help="Holds the seed, a secret of 16 characters or more.",
    ),
]
Ids = Annotated[list[str], typer.Argument(metavar="CLAIM...", show_default=False, help="Claims.")]
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


@payments.command(help=f"{_CLAIM}\n\n{_REGISTER}\n\n{_QUESTIONS}", epilog=_STATUS)
def claim(
    *,
    folder: Folder,
    payment: Payment,
    register: Register,
    who: Who,
    on: On = None,
    case: Cases = None,
    payee: Payee = None,
    answer: Answers = None,
    tier: Tiers = None,
    amount: Amount = None,
    amount_source: AmountSource = None,
) -> None:
    """Submit what passes."""
    from geo_match.cli.payments import asking, claiming  # noqa: PLC0415 - help must not wait

    day = asking.day_of_step(on).isoformat()
    asked = asking.read(
        payment, day, answers=answer, tiers=tier, amount=amount, source=amount_source
    )
    claiming.claim_passing(folder, asked, register, by=who, cases=case or None, payee=payee)


@payments.command(help=f"{_ADVANCE}\n\n{_REGISTER}\n\n{_QUESTIONS}", epilog=_STATUS)
def advance(
    *,
    ids: Ids,
    register: Register,
    step: Step,
    who: Who,
    role: Role,
    on: On = None,
    note: Note = "",
    until: Until = None,
    folder: OtherFolder = None,
    answer: Answers = None,
    tier: Tiers = None,
    amount: Amount = None,
    amount_source: AmountSource = None,
) -> None:
    """Make a step of claims."""
    from geo_match.cli.payments import asking, claiming  # noqa: PLC0415 - help must not wait

    if step in {"district_review", "pay"} and folder is None:
        message = f"must be given for {step}: give --folder and the answers that were claimed with."
        raise typer.BadParameter(message, param_hint="--folder")
    day = asking.day_of_step(on)
    last = None if until is None else parsers.day_of(until)
    act = claiming.Act(step=step, on=day, by=who, role=role, note=note, until=last)

    def ask(payment: str) -> asking.Asked:
        return asking.read(
            payment,
            day.isoformat(),
            answers=answer,
            tiers=tier,
            amount=amount,
            source=amount_source,
        )

    claiming.move_on(register, ids, act, ask=ask, folder=folder)


@payments.command(help=f"{_DRAW}\n\n{_REGISTER}", epilog=_STATUS)
def draw(*, register: Register, share: Share, seed_file: SeedFile, who: Who, on: On = None) -> None:
    """Draw claims for a check."""
    from geo_match.cli.payments import asking, claiming  # noqa: PLC0415 - help must not wait

    day, seed = asking.day_of_step(on), asking.read_seed(seed_file)
    claiming.draw(register, share=share, seed=seed, on=day, by=who)


@payments.command(help=f"{_CLAIMS}\n\n{_REGISTER}\n\n{_QUESTIONS}", epilog=_STATUS)
def claims(
    *,
    register: Register,
    on: On = None,
    payee: Payee = None,
    folder: OtherFolder = None,
    payment: OtherPayment = None,
    out: Out = None,
    answer: Answers = None,
    tier: Tiers = None,
    amount: Amount = None,
    amount_source: AmountSource = None,
) -> None:
    """List claims."""
    from geo_match.cli.payments import asking, claiming  # noqa: PLC0415 - help must not wait

    if payee is not None and folder is not None:
        message = "must not be given with --payee: what is to be recovered is the district's."
        raise typer.BadParameter(message, param_hint="--folder")
    day = parsers.day_of(on)
    asked = asking.read_anew(
        payment,
        day.isoformat(),
        answers=answer,
        tiers=tier,
        amount=amount,
        source=amount_source,
        decides=folder is not None,
    )
    anew = None if folder is None or asked is None else (folder, asked)
    claiming.list_claims(register, on=day, payee=payee, anew=anew, out=out)
