"""Bad parameters, as the standard has them: 400, where the rest of the API answers 422."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from api.problems import ProblemError, RepeatedParametersError, of_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from fastapi import Request, Response


class OgcRoute(APIRoute):
    """A route that answers 400 to a parameter that is unknown, faulty or given twice."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except (RequestValidationError, RepeatedParametersError) as error:
                problem = of_parameters(error)
                told = problem.model_copy(update={"status": HTTPStatus.BAD_REQUEST})
                raise ProblemError(told) from None

        return handle
