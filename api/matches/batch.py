"""The items of a batch, each checked by itself: what is wrong with one fails no other."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import ValidationError

from api.matches.answering import answer
from api.matches.asked import MOST_MATCHES, BatchAsked, ItemAsked, OptionsAsked
from api.matches.faults import fault
from api.matches.schemas import BatchMatches, ItemAnswered
from api.problems import Problem, faults_in_body, invalid

if TYPE_CHECKING:
    from api.matches.schemas import MatchesOfOne
    from api.matches.service import Service


def answer_batch(body: BatchAsked, service: Service) -> BatchMatches:
    """Answer a batch.

    Raises
    ------
    ProblemError
        If the options break a rule, or so many matches are asked for that no batch has them.
    StoreError
        If the store cannot be read, or the read of persons cannot be noted.
    """
    if len(body.items) * body.options.limit > MOST_MATCHES:
        rule = f"must be so that items times limit are at most {MOST_MATCHES:,}"
        raise fault(rule, at="/options/limit")
    at = service.asking(body.options)
    problems: dict[str, Problem] = {}
    items = []
    pointers = [f"/items/{number}" for number in range(len(body.items))]
    for number, (pointer, given) in enumerate(zip(pointers, body.items, strict=True)):
        try:
            items.append((pointer, ItemAsked.model_validate(given)))
        except ValidationError as error:
            problems[pointer] = invalid(faults_in_body(error, "items", number))
    told = answer(items, service, at, explained=body.explain)
    of = dict(zip((pointer for pointer, _ in items), told, strict=True))
    answered = [_item(problems.get(pointer) or of[pointer]) for pointer in pointers]
    return BatchMatches(
        options=OptionsAsked.told(at.options),
        cursor=str(at.cursor),
        failed=sum(one.problem is not None for one in answered),
        items=answered,
    )


def _item(told: MatchesOfOne | Problem) -> ItemAnswered:
    if isinstance(told, Problem):
        return ItemAnswered(status=told.status, answer=None, problem=told)
    return ItemAnswered(status=HTTPStatus.OK, answer=told, problem=None)
