"""What people and a supply are called, in English and in Chinese."""

from __future__ import annotations

from typing import Final

PEOPLE_WORDS: Final = {
    "households": ("household", "户家庭", "户"),
    "seekers": ("seeker", "名求职者", "名"),
}
"""Each as one, as several with their counter, and the counter alone, in Chinese."""
UNIT_WORDS: Final = {
    "vacancies": ("vacancy", "vacancies", "个岗位"),
    "jobs": ("job", "jobs", "条招聘信息"),
    "stations": ("station", "stations", "个服务网点"),
    "sites": ("site", "sites", "个工作地点"),
}
"""Each as one, as several, and in Chinese."""
