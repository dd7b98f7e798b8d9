"""What hazards say to the floors above, and to their own clock."""

from safety_api.outbox import Topic, declare

TOPICS = declare(
    Topic("hazard.reported", "hazards were reported, by hand or with a visit", ("hazards",)),
    Topic("hazard.moved", "a hazard took a step", ("hazard", "step")),
    Topic("hazard.loaded", "many hazards came at once, without a message each", ()),
    Topic(
        "hazard.major_found",
        "a unit found a major hazard itself: told at once (安全生产法 第四十一条)",
        ("hazard", "departments", "staff_congress"),
    ),
    Topic(
        "hazard.extension_asked",
        "a unit asks for more time: told to who answers",
        ("hazard", "extension"),
    ),
    Topic(
        "hazard.extension_answered",
        "more time was granted or denied: told to the unit",
        ("hazard", "extension", "answer"),
    ),
    Topic("clock.turn", "a part of a day is still to be carried out", ("on",)),
)
