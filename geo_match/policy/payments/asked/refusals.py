"""Services that reached somebody who did not take them: 拒绝服务, 已搬离."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.rules import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.options import PaymentOptions

MISSING: Final = "an answer on refusal_shows_service 被拒绝的服务能否认定"
"""What is missing where nobody has said whether such a service counts."""
_REFUSALS: Final = ("refused", "moved_away")


def counts(service: r.ServiceGiven, options: PaymentOptions) -> int:
    """Return whether a service counts as far as its result goes.

    Parameters
    ----------
    service
        Which.
    options
        Of which `refusal_shows_service` is asked.

    Returns
    -------
    int
        `PASS` unless it was refused or the person had moved away; then the answer, `UNKNOWN` where
        that is left open.
    """
    answer = options.refusal_shows_service
    if service.result not in _REFUSALS or answer is True:
        return PASS
    return UNKNOWN if answer is None else FAIL
