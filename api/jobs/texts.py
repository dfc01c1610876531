"""What stays the same in every answer that lists a job, written once: `Texts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from api.jobs.schemas import Hit, Job, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.jobs.postings import Posting

_JOB: Final = TypeAdapter(Job)
_SITE: Final = TypeAdapter(Site)
_MOST: Final = 65_536
"""Jobs of which a text is kept, half a kilobyte each."""


class Texts:
    """The JSON of jobs and of their sites, kept while they are the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Posting, str | None, bytes]] = {}

    def of(self, job: Posting, employer: str | None, made: Callable[[], Hit]) -> bytes:
        """Return the beginning of a hit, up to its distance.

        Parameters
        ----------
        job, employer
            The job, and its employer's name.
        made
            Makes the hit, of which the parts before the distance are written if they are new.
        """
        known = self._known.get(job.id)
        if known is not None and known[0] is job and known[1] == employer:
            return known[2]
        hit = made()
        text = b'{"job":' + _JOB.dump_json(hit.job) + b',"site":' + _SITE.dump_json(hit.site)
        if len(self._known) >= _MOST:
            self._known.clear()  # each is written again
        self._known[job.id] = job, employer, text
        return text
