"""`/v1/matches`, `/v1/matches:batch` and `/v1/match-changes`."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from api import min_cursor
from api.access.admission import requires
from api.jobs.served import ServedStreets
from api.matches.answering import answer
from api.matches.asked import BatchAsked, ChangesQuery, MatchAsked, MatchesQuery, OptionsAsked
from api.matches.batch import answer_batch
from api.matches.changes import told_changes
from api.matches.matchers import matchers_of
from api.matches.schemas import BatchMatches, MatchChangesTold, Matches
from api.matches.service import TheService
from api.problems import RESPONSES_TO_CURSORS, Problem, ProblemError
from api.timing import engine_time
from geo_match.store import Cursor

router: Final = APIRouter(tags=["matches"])

_JSON: Final = "application/json"
_NO_STORE: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": Problem, "description": "This server serves a file, which has no seekers."}
}
_NO_SEEKER: Final[dict[int | str, dict[str, Any]]] = {
    404: {
        "model": Problem,
        "description": "There is no such seeker for this caller; or the server serves a file.",
    }
}


def _seen(request: Request) -> Cursor:
    """Return the place in the feed up to which the matchers have come, brought up to date."""
    return matchers_of(request).catch_up()


@router.post(
    "/v1/matches",
    summary="The jobs that fit one seeker, or what stands in the way",
    response_model=Matches,
    responses={**min_cursor.RESPONSES, **_NO_SEEKER},
    dependencies=[requires("jobs:read"), min_cursor.caught_up(_seen)],
)
def post_matches(
    _: Annotated[MatchesQuery, Query()],
    body: MatchAsked,
    service: TheService,
) -> Response:
    """Give `seeker`, who is registered, or `profile`, which is anonymous, and what it is around.

    Each match has its rank, its distance with basis and certainty, the parts of its score, and each
    condition with what it compared. Without a match the answer says why, which single condition
    keeps how many jobs away, and where the first job is that would fit.

    A profile is about jobs, which are public, and needs only `jobs:read`: nothing of it is kept. A
    registered seeker needs `matches:read` and `persons:read` as well; the read is audited, and the
    role community has those of its own area alone. The jobs are those of the store some tenths of
    a second ago; `min_cursor` waits for a write.
    """
    at = service.asking(body.options)
    (found,) = answer([("", body)], service, at, explained=body.explain)
    if isinstance(found, Problem):
        raise ProblemError(found)
    told = Matches(**dict(found), options=OptionsAsked.told(at.options), cursor=str(at.cursor))
    return Response(told.model_dump_json(), media_type=_JSON)


@router.post(
    "/v1/matches:batch",
    summary="The same for up to 1,000, each answered or refused by itself",
    response_model=BatchMatches,
    responses={**min_cursor.RESPONSES, **_NO_STORE},
    dependencies=[requires("matches:read"), min_cursor.caught_up(_seen)],
)
def post_matches_batch(
    _: Annotated[MatchesQuery, Query()],
    body: BatchAsked,
    service: TheService,
) -> Response:
    """Answer each item as `POST /v1/matches` does, all of one moment and by the same options.

    The answer is 200 whatever becomes of the items: each has a `status`, and an answer or a problem
    whose pointers are into the whole body, such as `/items/3/profile/shift`. They stand in the
    order in which they were asked. All reads of persons are one entry in the audit, with their
    number. Items times `limit` are at most 20,000.
    """
    told = answer_batch(body, service)
    return Response(told.model_dump_json(), media_type=_JSON)


@router.get(
    "/v1/match-changes",
    summary="Which pairs of seeker and job entered or left the result, and why",
    responses={**RESPONSES_TO_CURSORS, **_NO_STORE},
    dependencies=[requires("matches:read", "feed:persons")],
)
def get_match_changes(
    query: Annotated[ChangesQuery, Query()],
    service: TheService,
    streets: ServedStreets,
) -> MatchChangesTold:
    """Go through the next `limit` changes of the feed, and tell what they did to the matches.

    Begin with the cursor of a result that was asked in full, and go on with each answer's `cursor`
    while there is `more`. A pair that enters and leaves in between is not told. What the day alone
    changes, such as a posting that closes by its date, is not told either: ask anew once a day.
    Seekers are named by their keys; the read is audited. The options must stay the same from one
    request to the next.
    """
    with engine_time(service.request):
        return told_changes(query, service, None if streets is None else streets.network)
