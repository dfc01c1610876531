"""One reason for each person below the standard: the first that applies."""

from __future__ import annotations

from itertools import product

import numpy as np

from geo_match.coverage.answers.reasons import REASONS, reasons


def first_that_applies(case, standard, *, shared):
    located, coarse, in_reach, measure = case
    if not located:
        return "no_location"
    if measure >= standard:
        return None
    if coarse:
        return "coarse_location"
    if in_reach == 0:
        return "none_in_circle"
    return "over_subscribed" if shared else "too_few"


def test_every_combination_has_the_reason_that_the_words_give():
    for standard, shared in product((0.0, 0.5, 2.0), (False, True)):
        cases = list(product((False, True), (False, True), (0, 1, 2), (0.0, 0.4, 0.5, 2.0)))
        located, coarse, in_reach, measure = (
            np.array(column) for column in zip(*cases, strict=True)
        )
        found = reasons(
            located=located,
            coarse=coarse,
            in_reach=in_reach,
            measure=measure,
            standard=standard,
            shared=shared,
        )
        words = [None if code < 0 else REASONS[code] for code in found.tolist()]
        assert words == [first_that_applies(case, standard, shared=shared) for case in cases]
