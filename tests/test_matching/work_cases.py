"""Cases of what a job is: open, vacant, verified, and what it offers and demands."""

from __future__ import annotations

import datetime as dt

from test_matching.pairs import ON, case


def _openings():
    day = dt.timedelta(days=1)

    def spans(name, opened, closed, outcome):
        return case(name, job={"opened_on": opened, "closed_on": closed}, open=outcome)

    return [
        spans("opened today", ON, None, "pass"),
        spans("opens tomorrow", ON + day, None, "fail"),
        spans("closes tomorrow", None, ON + day, "pass"),
        spans("is closed from today", None, ON, "fail"),
        spans("was closed yesterday", None, ON - day, "fail"),
        spans("no day of opening or closing", None, None, "pass"),
        spans("opened and is closed today", ON, ON, "fail"),
        spans("opened today and closes tomorrow", ON, ON + day, "pass"),
        spans("opens and closes in the future", ON + day, ON + 2 * day, "fail"),
    ]


def _vacancies():
    def left(name, sought, filled, outcome):
        return case(name, job={"vacancies": sought, "filled": filled}, vacancies=outcome)

    return [
        left("one vacancy is left", 3, 2, "pass"),
        left("no vacancy is left", 3, 3, "fail"),
        left("more found than sought", 3, 4, "fail"),
        left("nobody found that is known", 1, None, "pass"),
        left("nobody is sought", 0, None, "fail"),
        left("vacancies not stated", None, None, "unknown"),
        left("vacancies not stated but some found", None, 2, "unknown"),
    ]


def _employers():
    def licence(name, state, outcome):
        return case(name, job={"employer_licence": state}, employer=outcome)

    return [
        licence("a verified employer", "verified", "pass"),
        licence("an employer who is not verified", "unverified", "fail"),
        licence("an employer whose licence has expired", "expired", "fail"),
        licence("an employer of whom nothing is known", None, "fail"),
    ]


def _occupations():
    def pair(name, sought, offered, outcome, level="middle", **options):
        options |= {"occupation_level": level}
        return case(
            f"{name}, by {level} group",
            {"occupation": sought},
            {"occupation": offered},
            options=options,
            occupation=outcome,
        )

    def listed(name, sought, offered, outcome, *pairs):
        return pair(name, sought, offered, outcome, related_occupations=pairs)

    other = "职业分类大典2022"
    return [
        pair("the same code", "40101", "40101", "pass", "minor"),
        pair("the same minor group", "4010103", "40101", "pass", "minor"),
        pair("another minor group", "40102", "40101", "fail", "minor"),
        pair("another minor group", "40102", "40101", "pass"),
        pair("another middle group", "40301", "40101", "fail"),
        pair("another middle group", "40301", "40101", "pass", "major"),
        pair("another major group", "60501", "40101", "fail", "major"),
        pair("nothing sought", None, "40101", "unknown"),
        pair("nothing offered", "40101", None, "unknown"),
        pair("words", "普工", "40101", "unknown"),
        pair("a code and words", "401普工", "40101", "pass"),
        pair("years of experience are no code", "4年经验", "40101", "unknown"),
        pair("a code that the table does not know", "90101", "90101", "unknown"),
        pair("a major group alone", "4", "40101", "unknown"),
        pair("a major group alone", "4", "40101", "pass", "major"),
        pair("another major group alone", "5", "40101", "fail"),
        pair("two major groups alone", "4", "4", "unknown"),
        pair("a middle group alone", "401", "40101", "unknown", "minor"),
        pair("a middle group alone", "401", "40101", "pass"),
        pair("another middle group alone", "403", "40101", "fail", "minor"),
        # The table has no 419: of such a code no more is known than its major group.
        pair("a middle group that the table does not know", "41901", "40101", "unknown"),
        pair("one unknown middle group at both ends", "41901", "41901", "unknown"),
        pair("an unknown middle group of another major one", "41901", "50101", "fail"),
        listed("listed", "40301", "60501", "pass", ("403", "605")),
        listed("listed the other way round", "40301", "60501", "pass", ("605", "403")),
        listed("listed as a second pair", "40301", "60501", "pass", ("1", "2"), ("4", "6")),
        listed("one end listed", "40301", "60501", "fail", ("403", "606")),
        listed("a narrower code listed", "403", "60501", "fail", ("40301", "605")),
        listed("a pair listed for itself alone", "40301", "40401", "fail", ("403", "403")),
        listed("listed, though too short to tell", "4", "40101", "pass", ("4", "4")),
        listed("listed, though the table does not know it", "90101", "4", "unknown", ("9", "4")),
        case("another edition", {"occupation_version": other}, occupation="unknown"),
        case(
            "another edition, though listed",
            {"occupation_version": other},
            options={"related_occupations": [("401", "401")]},
            occupation="unknown",
        ),
    ]


def _educations():
    def school(name, has, demanded, outcome):
        return case(name, {"education": has}, {"education_min": demanded}, education=outcome)

    return [
        school("just the level demanded", "college", "college", "pass"),
        school("a level above", "bachelor", "college", "pass"),
        school("a level below", "college", "bachelor", "fail"),
        school("senior where vocational is demanded", "senior", "vocational", "pass"),
        school("vocational where senior is demanded", "vocational", "senior", "pass"),
        school("junior where senior is demanded", "junior", "senior", "fail"),
        school("the lowest where the lowest is demanded", "primary", "primary", "pass"),
        school("nothing demanded", "primary", None, "pass"),
        school("unknown education", None, "primary", "unknown"),
        school("unknown education and nothing demanded", None, None, "pass"),
    ]


def _wages():
    def pay(name, floor, ends, outcome, unit="month", **more):
        low, high = ends
        job = {"wage_low_cny": low, "wage_high_cny": high, "wage_unit": unit} | more
        seeker = {"wage_floor_cny": floor, "hours_max_per_week": None}
        return case(name, seeker, job, wage=outcome)

    def by_hours(name, floor, ends, outcome, hours, *, kind="flexible"):
        return pay(name, floor, ends, outcome, "hour", hours_per_week=hours, job_type=kind)

    return [
        pay("no floor", None, (1000.0, 2000.0), "pass"),
        pay("no floor and no pay", None, (None, None), "pass"),
        pay("the least pay is the floor", 3000, (3000.0, 3000.0), "pass"),
        pay("the least pay is below the floor", 3000, (2999.99, 4000.0), "unknown"),
        pay("the greatest pay is the floor", 3000, (2000.0, 3000.0), "unknown"),
        pay("the greatest pay is below the floor", 3000, (2000.0, 2999.99), "fail"),
        pay("the least pay alone is the floor", 3000, (3000.0, None), "pass"),
        pay("the least pay alone is below the floor", 3000, (2999.0, None), "unknown"),
        pay("the greatest pay alone is above the floor", 3000, (None, 9000.0), "unknown"),
        pay("the greatest pay alone is below the floor", 3000, (None, 2999.0), "fail"),
        pay("no pay stated", 3000, (None, None), "unknown"),
        pay("no pay stated and no unit", 3000, (None, None), "unknown", None),
        pay("pay without a unit", 3000, (9000.0, 9000.0), "unknown", None),
        pay("a floor of 0 and the greatest pay alone", 0, (None, 2000.0), "pass"),
        pay("a floor of 0 and no pay stated", 0, (None, None), "unknown"),
        # 200 a day are 4,350 a month of 21.75 days; 25 an hour are as much, for 174 hours.
        pay("daily pay that gives the floor", 4350, (200.0, 200.0), "pass", "day"),
        pay("daily pay that gives less", 4351, (200.0, 200.0), "fail", "day"),
        pay("hourly pay that gives the floor", 4350, (25.0, 25.0), "pass", "hour"),
        pay("hourly pay that gives less", 4351, (25.0, 25.0), "fail", "hour"),
        pay("hourly pay on both sides of the floor", 4350, (24.0, 26.0), "unknown", "hour"),
        # Twenty hours a week are half of a full week: 43 an hour are 3,741, not 7,482.
        by_hours("hourly pay for few hours that gives less", 4600, (36.0, 43.0), "fail", 20.0),
        by_hours("hourly pay for few hours that gives the floor", 3741, (43.0, 43.0), "pass", 20.0),
        by_hours("hourly pay for few hours below the floor", 3742, (43.0, 43.0), "fail", 20.0),
        by_hours("hourly pay for half an hour less", 4350, (25.0, 25.0), "fail", 39.5),
        by_hours("hourly pay for a full week", 4350, (25.0, 25.0), "pass", 40.0),
        # What hours over 40 pay is overtime, and not stated.
        by_hours("hourly pay for more than a week", 4351, (25.0, 25.0), "fail", 60.0),
        by_hours("hourly pay for no hours", 1, (25.0, 25.0), "fail", 0.0),
        by_hours(
            "hourly pay for few hours, ordinary", 4350, (25.0, 25.0), "fail", 20.0, kind="ordinary"
        ),
        by_hours(
            "hourly pay without hours, ordinary", 4350, (25.0, 25.0), "pass", None, kind="ordinary"
        ),
        # Of flexible work a full month is the most.
        by_hours("hourly pay without hours", 4350, (25.0, 25.0), "unknown", None),
        by_hours("hourly pay without hours that no week reaches", 4351, (25.0, 25.0), "fail", None),
        by_hours("the least pay an hour alone, without hours", 1, (25.0, None), "unknown", None),
        by_hours("no hourly pay and no hours", 3000, (None, None), "unknown", None),
        by_hours("hourly pay without hours and no floor", None, (25.0, 25.0), "pass", None),
        by_hours("hourly pay without hours and a floor of 0", 0, (25.0, 25.0), "pass", None),
        pay("daily pay for few hours", 4350, (200.0, 200.0), "pass", "day", hours_per_week=20.0),
        pay("monthly pay for few hours", 3000, (3000.0, 3000.0), "pass", hours_per_week=20.0),
    ]


def _hours():
    def week(name, most, hours, outcome):
        return case(name, {"hours_max_per_week": most}, {"hours_per_week": hours}, hours=outcome)

    return [
        week("just the hours", 40.0, 40.0, "pass"),
        week("half an hour more", 40.0, 40.5, "fail"),
        week("half an hour less", 40.0, 39.5, "pass"),
        week("any hours", None, 72.0, "pass"),
        week("hours not stated", 40.0, None, "unknown"),
        week("any hours and none stated", None, None, "pass"),
        week("no hours at all", 0.0, 1.0, "fail"),
    ]


def _shifts():
    def turn(name, sought, offered, outcome):
        return case(name, {"shift": sought}, {"shift": offered}, shift=outcome)

    return [
        turn("the same shift", "night", "night", "pass"),
        turn("another shift", "day", "night", "fail"),
        turn("evening is not night", "evening", "night", "fail"),
        turn("any shift sought", "any", "night", "pass"),
        turn("any shift offered", "day", "any", "pass"),
        turn("any shift at both ends", "any", "any", "pass"),
        turn("no shift sought", None, "day", "unknown"),
        turn("no shift offered", "day", None, "unknown"),
        turn("any sought and none offered", "any", None, "unknown"),
        turn("no shift at either end", None, None, "unknown"),
    ]


def _certificates():
    def held(name, demanded, has, outcome):
        return case(name, {"certificates": has}, {"certificate": demanded}, certificates=outcome)

    return [
        held("none demanded and unknown", None, None, "pass"),
        held("one demanded and unknown", "电工证", None, "unknown"),
        held("one demanded and none held", "电工证", (), "fail"),
        held("one demanded and held", "电工证", ("焊工证", "电工证"), "pass"),
        held("one demanded and another held", "电工证", ("高级电工证",), "fail"),
        *(
            held(
                f"two by {between} and both held",
                f"电工证{between}焊工证",
                ("焊工证", "电工证"),
                "pass",
            )
            for between in "、,，;；/／|｜。+＋\n"
        ),
        *(
            held(f"two by {between} and one held", f"电工证{between}焊工证", ("焊工证",), "fail")
            for between in "、,，;；/／|｜。+＋\n"
        ),
        held("full width demanded", "Ａ２驾照", ("A2驾照",), "pass"),
        held("full width held", "A2驾照", ("Ａ２驾照 ",), "pass"),
        held("capitals count", "A2驾照", ("a2驾照",), "fail"),
        held("blanks between", "电工证 、\u3000焊工证", ("电工证", "焊工证"), "pass"),
        held("a separator at the end", "电工证、", ("电工证",), "pass"),
        held("separators alone and none held", "、/", (), "pass"),
        held("separators alone and unknown", "、/", None, "pass"),
        held("a blank between two certificates", "电工证 焊工证", ("电工证", "焊工证"), "pass"),
        held("a blank between other words", "电工 高级", ("电工", "高级"), "fail"),
        held("a blank before no certificate", "电工证 高级", ("电工证", "高级"), "fail"),
        held("a full stop at the end", "电工证。", ("电工证",), "pass"),
        held("a point at the end", "电工证. ", ("电工证",), "pass"),
        held("several held in one text", "焊工证", ("电工证\n焊工证",), "pass"),
        held("a plus that is part of a name", "C++", ("C",), "fail"),
        held("a plus at the end", "英语B+", ("英语B+",), "pass"),
    ]


WORK_CASES = [
    *_openings(),
    *_vacancies(),
    *_employers(),
    *_occupations(),
    *_educations(),
    *_wages(),
    *_hours(),
    *_shifts(),
    *_certificates(),
]
