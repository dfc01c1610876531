"""Draw the demonstration file of jobs: `python data/make_sites.py` writes `data/sites.csv`.

Everything in it is invented; `README.md` beside it says how. The same seed gives the same bytes
on every machine: only `Random.random()` is used, whose sequence Python guarantees, and no
function of the platform's mathematics library.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 20220512
N_SITES = 120
N_JOBS = 300
COLUMNS = ("id", "lon", "lat", "site_id", "site_name", "title", "employer", "vacancies")
UNSTATED_SHARE = 0.12


class Quarter(NamedTuple):
    """A part of town in which sites are drawn: a box within one district, off the river."""

    name: str
    west: float
    south: float
    east: float
    north: float
    share: float


class Trade(NamedTuple):
    """A kind of employer, and the jobs it offers."""

    name: str
    share: float
    titles: tuple[str, ...]


QUARTERS = (
    Quarter("龙子湖区", 117.374, 32.942, 117.398, 32.956, 0.18),
    Quarter("龙子湖区", 117.420, 32.925, 117.440, 32.955, 0.10),
    Quarter("蚌山区", 117.352, 32.905, 117.372, 32.938, 0.32),
    Quarter("禹会区", 117.304, 32.908, 117.335, 32.938, 0.22),
    Quarter("淮上区", 117.335, 32.966, 117.395, 32.990, 0.18),
)
TRADES = (
    Trade("超市", 0.24, ("收银员", "理货员", "防损员", "生鲜分拣员")),
    Trade("餐饮店", 0.20, ("餐厅服务员", "厨师", "洗碗工", "配菜员")),
    Trade("物业公司", 0.14, ("保安员", "保洁员", "绿化工", "水电维修工")),
    Trade("养老服务中心", 0.10, ("养老护理员", "社区助浴员", "康复护士")),
    Trade("快递站", 0.12, ("快递员", "分拣员", "客服专员")),
    Trade("加工厂", 0.12, ("缝纫工", "装配工", "质检员", "叉车司机")),
    Trade("培训学校", 0.08, ("课程顾问", "文员", "少儿编程教师")),
)


class Site(NamedTuple):
    """A place of work, as it stands in the file."""

    id: str
    name: str
    employer: str
    titles: tuple[str, ...]
    lon: float
    lat: float


def _pick(draw: Random, shares: Sequence[float]) -> int:
    """Return a position, each as likely as its share; the shares add up to 1."""
    mark = draw.random()
    for position, share in enumerate(shares):
        mark -= share
        if mark < 0:
            return position
    return len(shares) - 1


def _between(draw: Random, least: int, most: int) -> int:
    """Return a whole number, both ends included."""
    return least + int(draw.random() * (most - least + 1))


def _towards_middle(draw: Random, least: float, most: float) -> float:
    """Return a number between two, likelier in the middle: towns are denser there."""
    return least + (most - least) * (draw.random() + draw.random()) / 2


def draw_sites(draw: Random) -> list[Site]:
    """Return the invented sites."""
    sites = []
    for number in range(1, N_SITES + 1):
        quarter = QUARTERS[_pick(draw, [each.share for each in QUARTERS])]
        trade = TRADES[_pick(draw, [each.share for each in TRADES])]
        sites.append(
            Site(
                id=f"SITE-{number:03}",
                name=f"{quarter.name}示例路{_between(draw, 1, 199)}号",
                employer=f"示例{trade.name}{number:03}",
                titles=trade.titles,
                lon=round(_towards_middle(draw, quarter.west, quarter.east), 6),
                lat=round(_towards_middle(draw, quarter.south, quarter.north), 6),
            )
        )
    return sites


def draw_rows(seed: int = SEED) -> list[tuple[str, ...]]:
    """Return one row a job, in the order of `COLUMNS`; every site has at least one."""
    draw = Random(seed)  # noqa: S311 - a drawing that must repeat, no secret
    sites = draw_sites(draw)
    at = sorted(
        [*range(N_SITES), *(_between(draw, 0, N_SITES - 1) for _ in range(N_JOBS - N_SITES))]
    )
    rows = []
    for number, position in enumerate(at, start=1):
        site = sites[position]
        title = site.titles[_between(draw, 0, len(site.titles) - 1)]
        unstated = draw.random() < UNSTATED_SHARE
        vacancies = "" if unstated else str(_between(draw, 1, 8))
        place = (f"{site.lon:.6f}", f"{site.lat:.6f}")
        rows.append(
            (f"JOB-{number:04}", *place, site.id, site.name, title, site.employer, vacancies)
        )
    return rows


def write(path: Path, seed: int = SEED) -> None:
    """Write the file: UTF-8, commas, one line feed a row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(draw_rows(seed))


if __name__ == "__main__":
    write(Path(__file__).parent / "sites.csv")
