"""The loop of competition that decays: each site gives its supply out to whom it reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo_match._jit import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Reach(NamedTuple):
    """The people of each of m sites, in compressed rows.

    Parameters
    ----------
    offsets, person
        As in `Pairs`, with the sites as queries.
    decayed
        How much a site at that distance counts, 0 to 1.
    """

    offsets: NDArray[np.int64]
    person: NDArray[np.int64]
    decayed: NDArray[np.float64]


class Counted(NamedTuple):
    """All people, each array (n,).

    Parameters
    ----------
    weight
        How many each row stands for.
    total, lost
        Added to; their sum is the availability.
    """

    weight: NDArray[np.float64]
    total: NDArray[np.float64]
    lost: NDArray[np.float64]


class Served(NamedTuple):
    """The m sites, each array (m,): supply, and what is written of each.

    Parameters
    ----------
    supply
        What there is.
    demand, ratio
        Written; a ratio without demand stays as it is.
    """

    supply: NDArray[np.float64]
    demand: NDArray[np.float64]
    ratio: NDArray[np.float64]


@kernel
def give_out(reach: Reach, people: Counted, sites: Served) -> None:
    """Write the demand and ratio of sites, and add to their people what each may expect of them.

    What a sum of floats loses is gathered beside it (Neumaier 1974): the error of the two together
    does not grow with the number of terms, save for its square.
    """
    person, decayed = reach.person, reach.decayed
    weight, total, lost = people.weight, people.total, people.lost
    for site in range(len(sites.supply)):
        start, stop = reach.offsets[site], reach.offsets[site + 1]
        gathered, aside = 0.0, 0.0
        for i in range(start, stop):
            term = weight[person[i]] * decayed[i]
            added = gathered + term
            if gathered >= term:
                aside += (gathered - added) + term
            else:
                aside += (term - added) + gathered
            gathered = added
        demand = gathered + aside
        sites.demand[site] = demand
        if demand == 0.0:
            continue
        ratio = sites.supply[site] / demand
        sites.ratio[site] = ratio
        for i in range(start, stop):
            to = person[i]
            term = ratio * decayed[i]
            before = total[to]
            added = before + term
            if before >= term:
                lost[to] += (before - added) + term
            else:
                lost[to] += (term - added) + before
            total[to] = added
