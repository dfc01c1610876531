"""What `import city` does: the records of a demonstration city go into a store, list by list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from geo_match.cli.circles import ALL_USED, SOME_REJECTED
from geo_match.cli.parsers import check_unused
from geo_match.cli.stopping import Stopped
from geo_match.cli.telling import tell, told
from geo_match.cli.terminal import progress, say
from geo_match.demo.importing import LISTS, CityList, check_city, import_city
from geo_match.errors import GeoMatchError
from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def import_city_folder(
    folders: Sequence[Path], store: str, *, others: Mapping[str, bool], language: str | None
) -> int:
    """Import a city's lists into a store.

    Parameters
    ----------
    folders
        One folder, which `geo-match demo` wrote.
    store
        Path or URL of the store; made if nothing is there.
    others
        The options of an import that mean nothing here, and whether each was given.
    language
        In which to tell of the lists, `zh` or `en`; that of each one's headers if None.

    Returns
    -------
    int
        `ALL_USED` or `SOME_REJECTED`.

    Raises
    ------
    GeoMatchError
        If the folder holds no whole city, a list is refused, or the store fails. Lists before that
        are in the store, and importing the city again goes on there.
    typer.BadParameter
        If there is more than one folder, or another option was given.
    """
    if len(folders) != 1:
        message = f"must be one folder, got {len(folders)}."
        raise typer.BadParameter(message, param_hint="FILE")
    check_unused(others, "with a city: its files say it all, and are taken whole.")
    (folder,) = folders
    check_city(folder)  # before a store is made
    begun = False
    status = ALL_USED

    def begin(_: CityList) -> None:
        nonlocal begun
        begun = True

    try:
        with (
            Store.open(store) as opened,
            progress(f"importing {folder}", len(LISTS)) as advance,
        ):
            for _, report in import_city(folder, opened, watch=begin):
                if report.rejected:
                    status = SOME_REJECTED
                tell(report, None, dry_run=False, language=language)
                advance(1)
    except GeoMatchError as error:
        raise told(error, folder, language or "en") from error.__cause__
    except Stopped as stop:
        if not begun:
            raise
        say(
            f"已停止：{folder} 的一部分已入库（{store}），再次导入即从该处继续"
            if language == "zh"
            else f"stopped: a part of {folder} is in {store}; importing it again goes on there"
        )
        raise typer.Exit(stop.status) from None
    return status
