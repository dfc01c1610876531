"""Cases of what a person is: age, working age, and the types of job that it opens."""

from __future__ import annotations

import datetime as dt

from test_matching.pairs import NEW_YEAR, NEW_YEARS_EVE, ON, case


def _working_ages():
    def born(name, year, sex, on, outcome):
        return case(name, {"birth_year": year, "sex": sex}, on=on, working_age=outcome)

    d = dt.date
    return [
        born("16 or 17", 2008, "male", ON, "pass"),
        born("15 or 16", 2009, "male", ON, "unknown"),
        born("14 or 15", 2010, "male", ON, "fail"),
        born("16 by New Year's Eve", 2009, "male", NEW_YEARS_EVE, "pass"),
        born("15 on New Year's Eve", 2010, "female", NEW_YEARS_EVE, "fail"),
        born("16 on New Year's Day if born on one", 2009, None, NEW_YEAR, "unknown"),
        born("no year of birth", None, "male", ON, "unknown"),
        # A man born in 1964 reached 60 by 31 December 2024, before the reform.
        born("a man whose year turned 60", 1964, "male", ON, "fail"),
        born("a man who may turn 60 tomorrow", 1964, "male", d(2024, 12, 30), "unknown"),
        born("a man who has turned 60", 1964, "male", d(2024, 12, 31), "fail"),
        # Born in January to April 1965: 60 years and 1 month, the first on 1 February 2025; born
        # in September to December: 3 months, the last on 31 March 2026.
        born("a man on the reform's first day", 1965, "male", NEW_YEAR, "pass"),
        born("a man before the first of his year", 1965, "male", d(2025, 1, 31), "pass"),
        born("a man on the day of the first", 1965, "male", d(2025, 2, 1), "unknown"),
        born("a man whose year is retiring", 1965, "male", ON, "unknown"),
        born("a man before the last of his year", 1965, "male", d(2026, 3, 30), "unknown"),
        born("a man on the day of the last", 1965, "male", d(2026, 3, 31), "fail"),
        born("a man of the next year", 1966, "male", ON, "pass"),
        # 31 December 1966 and 60 years 6 months: June has no 31st, so its last day.
        born("a man before a month without his day ends", 1966, "male", d(2027, 6, 29), "unknown"),
        born("a man when a month without his day ends", 1966, "male", d(2027, 6, 30), "fail"),
        # Born in January 1976: 34 months; from September 1976 on 63 years and no more.
        born("a man before 62 years 10 months", 1976, "male", d(2038, 10, 31), "pass"),
        born("a man of 62 years 10 months", 1976, "male", d(2038, 11, 1), "unknown"),
        born("a man a day before 63", 1976, "male", d(2039, 12, 30), "unknown"),
        born("a man of 63", 1976, "male", d(2039, 12, 31), "fail"),
        born("a younger man a day before 63", 1980, "male", d(2042, 12, 31), "pass"),
        born("a younger man who may be 63", 1980, "male", d(2043, 1, 1), "unknown"),
        # Women of 50 and of 55: which of the two is not recorded.
        born("a woman below both ages", 1976, "female", ON, "pass"),
        born("a woman who may have reached 50 and a month", 1975, "female", ON, "unknown"),
        born("a woman before 50 and a month", 1975, "female", d(2025, 1, 31), "pass"),
        born("a woman at 50 and a month", 1975, "female", d(2025, 2, 1), "unknown"),
        born("a woman above one age and below the other", 1974, "female", ON, "unknown"),
        born("a woman who may have reached 55 and a month", 1970, "female", ON, "unknown"),
        born("a woman before the last of 55", 1970, "female", d(2026, 3, 30), "unknown"),
        born("a woman after the last of 55", 1970, "female", d(2026, 3, 31), "fail"),
        born("a woman above both ages", 1969, "female", ON, "fail"),
        # Born in January 1984: 50 years and 55 months, so on 1 August 2038.
        born("a woman before 54 years 7 months", 1984, "female", d(2038, 7, 31), "pass"),
        born("a woman of 54 years 7 months", 1984, "female", d(2038, 8, 1), "unknown"),
        born("no sex and below every age", 1976, None, ON, "pass"),
        born("no sex and above a woman's ages", 1969, None, ON, "unknown"),
        born("no sex and above every age", 1964, None, ON, "fail"),
    ]


def _job_types():
    def kind(name, job_type, outcome, **seeker):
        return case(name, seeker, {"job_type": job_type}, job_type=outcome)

    return [
        kind("a flexible job", "flexible", "pass"),
        kind("a type that is accepted", "ordinary", "pass", accepts=("ordinary",)),
        kind("a type that is not accepted", "ordinary", "fail", accepts=("flexible",)),
        kind("no type is accepted", "flexible", "fail", accepts=()),
        kind("nothing is known of what is accepted", "ordinary", "unknown", accepts=None),
        kind("no type", None, "unknown"),
        kind("no type and none accepted", None, "unknown", accepts=()),
        kind("a welfare post and a difficulty", "public_welfare", "pass", difficulty="disabled"),
        kind("a welfare post and no difficulty", "public_welfare", "fail", difficulty="none"),
        kind("a welfare post and nothing known", "public_welfare", "unknown", difficulty=None),
        kind(
            "a welfare post, a difficulty, and nothing known of what is accepted",
            *("public_welfare", "unknown"),
            difficulty="older",
            accepts=None,
        ),
        kind(
            "a welfare post, no difficulty, and nothing known of what is accepted",
            *("public_welfare", "fail"),
            accepts=None,
        ),
        kind(
            "a welfare post that is not accepted, and nothing known of a difficulty",
            *("public_welfare", "fail"),
            difficulty=None,
            accepts=("ordinary",),
        ),
    ]


def _traineeships():
    def trainee(name, outcome, *, on=ON, working_age="pass", **seeker):
        job = {"job_type": "traineeship"}
        return case(name, seeker, job, on=on, job_type=outcome, working_age=working_age)

    def graduate(name, year, outcome, **seeker):
        graduated = {"groups": ("veteran", "graduate"), "graduation_year": year}
        return trainee(name, outcome, **(graduated | seeker))

    return [
        graduate("a trainee who graduated this year", 2025, "pass"),
        graduate("a trainee who graduated last year", 2024, "pass"),
        graduate("a trainee who graduated two years ago", 2023, "unknown"),
        graduate("a trainee who graduated three years ago", 2022, "fail"),
        graduate("a trainee who graduated some time", None, "unknown"),
        graduate("a young trainee who graduated two years ago", 2023, "pass", birth_year=2002),
        graduate("a young trainee who graduated three years ago", 2022, "pass", birth_year=2002),
        graduate("a registered graduate", 2024, "pass", status="registered_unemployed"),
        graduate("a graduate in work", 2024, "fail", status="employed"),
        graduate("a graduate in flexible work", 2024, "fail", status="flexible"),
        graduate("a graduate who still studies", 2024, "fail", status="studying"),
        graduate("a graduate of unknown status", 2024, "unknown", status=None),
        graduate("a graduate too long ago, of unknown status", 2022, "fail", status=None),
        graduate("a graduate who does not accept it", 2024, "fail", accepts=("ordinary",)),
        trainee("a trainee of no group", "fail", graduation_year=2024),
        trainee("a trainee of another group", "fail", groups=("veteran",), graduation_year=2024),
        trainee("a trainee of unknown groups", "unknown", groups=None, graduation_year=2024),
        trainee("graduated too long ago, if at all", "fail", groups=None, graduation_year=2020),
        trainee("a trainee of 23 or 24", "pass", birth_year=2001),
        trainee("a trainee of 24 or 25", "unknown", birth_year=2000),
        trainee("a trainee of 25 or 26", "fail", birth_year=1999),
        trainee("a trainee of 24 on New Year's Eve", "pass", birth_year=2001, on=NEW_YEARS_EVE),
        trainee("a trainee of 25 on New Year's Eve", "fail", birth_year=2000, on=NEW_YEARS_EVE),
        trainee("a trainee of 16 or 17", "pass", birth_year=2008),
        trainee("a trainee of 15 or 16", "unknown", birth_year=2009, working_age="unknown"),
        trainee("a trainee of 14 or 15", "fail", birth_year=2010, working_age="fail"),
        trainee("a trainee of unknown age", "unknown", birth_year=None, working_age="unknown"),
        trainee("24 or 25 and of unknown groups", "unknown", birth_year=2000, groups=None),
        trainee("a young trainee in work", "fail", birth_year=2002, status="employed"),
        trainee("24 or 25 and of unknown status", "unknown", birth_year=2000, status=None),
        trainee("too old and of unknown status", "fail", birth_year=1999, status=None),
    ]


def _ages():
    def aged(name, least, most, outcome, on=ON):
        """Ask for an age; who was born in 1985 is 39 or 40 on 16 June 2025, 40 at its end."""
        return case(name, job={"age_min": least, "age_max": most}, on=on, age=outcome)

    unknown = {"birth_year": None}
    return [
        aged("at most 40", None, 40, "pass"),
        aged("at most 39", None, 39, "unknown"),
        aged("at most 38", None, 38, "fail"),
        aged("at least 39", 39, None, "pass"),
        aged("at least 40", 40, None, "unknown"),
        aged("at least 41", 41, None, "fail"),
        aged("just 39 or 40", 39, 40, "pass"),
        aged("just 40", 40, 40, "unknown"),
        aged("just 39", 39, 39, "unknown"),
        aged("above both", 41, 50, "fail"),
        aged("below both", 18, 38, "fail"),
        aged("an age of 0 is a bound that all keep", 0, None, "pass"),
        aged("an age of 0 is a bound that none keeps", None, 0, "fail"),
        aged("at most 39 on New Year's Eve", None, 39, "fail", NEW_YEARS_EVE),
        aged("at most 40 on New Year's Eve", None, 40, "pass", NEW_YEARS_EVE),
        aged("at least 40 on New Year's Eve", 40, None, "pass", NEW_YEARS_EVE),
        aged("at least 41 on New Year's Eve", 41, None, "fail", NEW_YEARS_EVE),
        aged("at least 40 on New Year's Day", 40, None, "unknown", NEW_YEAR),
        case("unknown age and none asked", unknown, working_age="unknown"),
        case("unknown age", unknown, {"age_max": 60}, age="unknown", working_age="unknown"),
    ]


PERSON_CASES = [*_working_ages(), *_job_types(), *_traineeships(), *_ages()]
