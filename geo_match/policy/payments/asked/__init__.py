"""What each condition asks, by the name that the rules give it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geo_match.policy.payments.asked import groups, heads, hires, incomes, places, posts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from geo_match.policy.conditions import Condition
    from geo_match.policy.payments.case import Case

CONDITIONS: Final[Mapping[str, Callable[[Case], Condition]]] = MappingProxyType(
    {
        "accident_insurance_long": hires.accident_insurance_long,
        "consecutive_months": incomes.consecutive_months,
        "employment_difficulty": groups.employment_difficulty,
        "employment_registered": hires.employment_registered,
        "flexible_form": hires.flexible_form,
        "in_work": hires.in_work,
        "key_group": groups.key_group,
        "labour_contract_long": hires.labour_contract_long,
        "labour_filed": hires.labour_filed,
        "minimum_hourly_pay": incomes.minimum_hourly_pay,
        "minimum_income": incomes.minimum_income,
        "on_platform": hires.on_platform,
        "organised_by_operator": hires.organised_by_operator,
        "paid_once_per_recognition": places.paid_once_per_recognition,
        "post_developed": posts.post_developed,
        "post_led_by_operator": posts.post_led_by_operator,
        "post_term": posts.post_term,
        "public_welfare_post": posts.public_welfare_post,
        "recognised_by_authority": places.recognised_by_authority,
        "recognised_kind": places.recognised_kind,
        "recognition_document": places.recognition_document,
        "rule_in_force": hires.rule_in_force,
        "served": heads.served,
        "service_agreement_long": hires.service_agreement_long,
        "social_insurance_long": hires.social_insurance_long,
        "sound_record": hires.sound_record,
        "stable_income": incomes.stable_income,
        "survey_complete": places.survey_complete,
        "survey_done": places.survey_done,
        "survey_entered": places.survey_entered,
        "survey_timely": places.survey_timely,
        "survey_true": places.survey_true,
        "urban": heads.urban,
        "working_age": heads.working_age_when_served,
    }
)
PERSONAL: Final = groups.PERSONAL

__all__ = ["CONDITIONS", "PERSONAL"]
