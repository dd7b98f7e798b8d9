"""Invented bodies for the contract's examples."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "enterprise": None,
    "place": "东关村委会院内",
    "region": "141123100200",
    "sector": "fire_safety",
    "item": "F13-02",
    "level": "general",
    "description": "疏散通道堆放杂物",
    "found_at": "2026-11-23T09:00:00+08:00",
    "location": {"lon": 111.127486, "lat": 38.461818, "crs": "wgs84", "accuracy_m": 8},
    "photos": [],
}
PHOTO = {
    "id": "3f0c1b1e-6d58-4a54-9a57-0d5f3f6e0a11",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size": 4182733,
    "media_type": "image/jpeg",
    "taken_at": "2026-11-23T09:41:00+08:00",
}
HAZARD = "7a2f6c39-5b44-4be5-9a38-6f3f1f1c0b02"
COMPANION = "0b9c3c1a-4a53-4f55-8a5e-2f0b6f1f0a02"
PLAN = {
    "responsible_person": "王建设",
    "measures": "补打锚杆，重新验收",
    "funds_yuan": "12000.00",
    "emergency_plan": "撤人，设岗警戒",
}
APPROVAL = {"document": "兴应急复〔2026〕7号", "date": "2026-11-20"}
APPROVALS = {"chief": APPROVAL, "mine_safety_office": APPROVAL, "government": APPROVAL}
LOOK = {
    "word": "rejudged",
    "reason": "按应急管理部令第21号仍为重大",
    "criterion": "coal_mine.MEM21-2026:5(1)",
}
EXTENSION = {
    "deadline": "2026-12-20",
    "reason": "设备须外省定制，运输受阻",
    "interim_measures": "停用该设备，设专人看守",
}
