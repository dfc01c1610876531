"""What `ledger take` does: a filled due list becomes service records, through the import."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geo_match.cli.circles import ALL_USED, SOME_REJECTED
from geo_match.cli.importing import Options, import_files
from geo_match.cli.terminal import say
from geo_match.exchange.due_list import read_filled, write_services
from geo_match.records.clock import day_in_china
from geo_match.store.keeping.looking import looking_at

if TYPE_CHECKING:
    from pathlib import Path

_LISTED = 20


def take_sheet(
    sheet: Path,
    store: str,
    *,
    actor: str,
    correct: bool,
    dry_run: bool,
    language: str | None,
) -> int:
    """Take a filled sheet into a store.

    Parameters
    ----------
    sheet
        As `ledger due` wrote it, filled in.
    store
        Path or URL of a store that is there.
    actor, correct, dry_run
        As `import` has them.
    language
        In which it is told, `zh` or `en`; Chinese if None.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If the sheet is none, there is no such store, or the import is refused.
    """
    with looking_at(store):  # a sheet without a store of its persons is no reason to make one
        pass
    zh = language != "en"
    filled = read_filled(sheet, today=day_in_china(dt.datetime.now(dt.UTC)))
    n = len(filled.services)
    say(
        f"{sheet}：{filled.n_read:,}行，办理{n:,}行，未办{filled.n_left:,}行，有误{filled.n_faulty:,}行"
        if zh
        else f"{sheet}: {filled.n_read:,} lines, {n:,} worked on, {filled.n_left:,} left, "
        f"{filled.n_faulty:,} with faults"
    )
    for one in filled.faults[:_LISTED]:
        value = one.value or ("空白" if zh else "empty")
        say(
            f"  第{one.row}行，{one.field}（{value}）：{one.zh}"
            if zh
            else f"  line {one.row}, {one.field} ({value}) {one.en}"
        )
    if len(filled.faults) > _LISTED:
        say(f"  … +{len(filled.faults) - _LISTED:,}")
    status = SOME_REJECTED if filled.faults else ALL_USED
    if not n:
        return status
    services = write_services(filled, sheet)
    how = Options(correct=correct, dry_run=dry_run, language="zh" if zh else "en", actor=actor)
    return max(status, import_files("services", [services], store, how))
