"""The words that lists use for what the frames name in English."""

from __future__ import annotations

from typing import Final

HUKOU: Final = {"urban": "城镇", "rural": "农村"}
SEX: Final = {"male": "男", "female": "女"}
EDUCATION: Final = {
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "vocational": "中专",
    "college": "大专",
    "bachelor": "本科",
    "master": "研究生",
}
DEMANDED_EDUCATION: Final = EDUCATION | {"bachelor": "本科及以上", "master": "研究生及以上"}
STATUS: Final = {
    "employed": "就业",
    "flexible": "灵活就业",
    "registered_unemployed": "登记失业",
    "unemployed": "失业",
    "studying": "在校",
    "retired": "退休",
    "incapable": "丧失劳动能力",
    "not_seeking": "无就业意愿",
    "under_age": "未成年",
}
GROUPS: Final = {
    "graduate": "高校毕业生",
    "migrant_worker": "农民工",
    "veteran": "退役军人",
    "retired_fisherman": "长江禁捕退捕渔民",
}
DIFFICULTY: Final = {
    "none": "无",
    "older": "大龄失业人员",
    "long_term_unemployed": "长期失业人员",
    "disabled": "残疾人员",
    "minimum_living": "低保家庭人员",
    "land_loss": "失地农民",
    "zero_employment": "零就业家庭成员",
}
SHIFT: Final = {"day": "白班", "evening": "晚班", "night": "夜班", "any": "不限"}
JOB_TYPE: Final = {
    "ordinary": "普通岗位",
    "flexible": "灵活就业",
    "public_welfare": "公益性岗位",
    "traineeship": "就业见习岗位",
}
WAGE_UNIT: Final = {"month": "元/月", "day": "元/天", "hour": "元/小时"}
EMPLOYER_KIND: Final = {
    "company": "企业",
    "sole_trader": "个体工商户",
    "platform": "平台企业",
    "public_institution": "事业单位",
    "village_cooperative": "农民专业合作社",
}
LICENCE: Final = {"verified": "已核验", "unverified": "未核验", "expired": "已过期"}
SITE_KIND: Final = {
    "street": "沿街商铺",
    "centre": "商务楼宇",
    "park": "园区",
    "town": "集镇",
    "village": "村",
}
STATION_KIND: Final = {"district": "区级", "street": "街道级", "community": "社区级"}
