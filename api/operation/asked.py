"""What a request about the server is answered from: made once, with the application."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.operation.in_step import InStep
from api.operation.metrics import Metrics


async def _metrics_of(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


async def _step_of(request: Request) -> InStep:
    step: InStep = request.app.state.in_step
    return step


TheMetrics = Annotated[Metrics, Depends(_metrics_of)]
"""The figures of the application that a request came to."""
TheStep = Annotated[InStep, Depends(_step_of)]
"""What keeps its index in step."""
