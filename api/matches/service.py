"""What a request about matches is answered from, and to whom."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from api.access.admission import admit, requires
from api.access.caller import Caller
from api.audit import Audit, ServedAudit
from api.jobs.served import ServedJobs
from api.matches.faults import named_in_body
from api.matches.matchers import Matchers, ServedMatchers
from api.stored import ServedStore
from geo_match.store import Store

if TYPE_CHECKING:
    from api.matches.asked import OptionsAsked
    from geo_match.matching.live.live_matcher import MatcherAt


@dataclass(frozen=True, slots=True)
class Service:
    """What a request is answered from, and to whom.

    Parameters
    ----------
    request
        The engine's time is noted at it.
    caller
        Who asks.
    store, jobs, matchers, audit
        Of the application.
    """

    request: Request
    caller: Caller
    store: Store
    jobs: ServedJobs
    matchers: Matchers
    audit: Audit

    def asking(self, options: OptionsAsked) -> MatcherAt:
        """Return the jobs as they are now, to be asked by options.

        Raises
        ------
        ProblemError
            If an option breaks its rule, or is not for this caller.
        StoreError
            If the store cannot be read.
        """
        with named_in_body():
            at = self.matchers.shown(options.basis)
            if options.on is not None and options.on != at.options.on:
                admit(self.caller, "records:read")  # closed jobs, and those not yet open
            return self.matchers.asking(at, options.applied(at.options))

    def straight(self, at: MatcherAt) -> MatcherAt | None:
        """Return the same question by straight lines; None where it is by these.

        Raises
        ------
        ProblemError
            If the jobs cannot be followed at the moment.
        StoreError
            If the store cannot be read.
        """
        if at.options.basis != "walking":
            return None
        options = dataclasses.replace(at.options, basis="geodesic", network=None)
        return self.matchers.asking(self.matchers.shown("geodesic"), options)


async def _service(
    request: Request,
    caller: Annotated[Caller, requires("jobs:read")],
    *,
    store: ServedStore,
    jobs: ServedJobs,
    matchers: ServedMatchers,
    audit: ServedAudit,
) -> Service:
    return Service(request, caller, store, jobs, matchers, audit)


TheService = Annotated[Service, Depends(_service)]
"""What a request is answered from; a problem for who asks a server of a file."""
