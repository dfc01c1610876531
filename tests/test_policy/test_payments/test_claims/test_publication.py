"""The public notice: masked, without ids, and only while it lasts."""

from __future__ import annotations

import pytest

from geo_match.policy.payments.claims import publication


def test_the_notice_shows_masked_names_and_no_id_of_a_person(office):
    claims = office.at("published")
    notice = publication(claims, on=office.later(3), names={"S1": "示小例"})
    (row,) = notice.to_dict("records")
    shown = (row["number"], row["zh"], row["payee"], row["name"])
    assert shown == (1, "稳定就业服务补助", "OP1", "示**")
    assert row["until"] == office.later(8)
    told = notice.to_csv()
    assert not any(id_ in told for id_ in ("S1,", "EM1", "SV1", "PR1", "示小例"))
    assert publication(claims, on=office.later(8)).loc[0, "name"] == "*"
    assert publication(claims, on=office.later(2)).empty
    assert publication(claims, on=office.later(9)).empty


@pytest.mark.parametrize(("name", "shown"), [("示例", "示*"), ("示", "*"), (" ", "*")])
def test_a_masked_name_hides_all_but_its_first_character(office, name, shown):
    notice = publication(office.at("published"), on=office.later(3), names={"S1": name})
    assert notice["name"].tolist() == [shown]
