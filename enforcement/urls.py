from typing import Any

from django.urls import path

from enforcement.views.case import CaseDoor
from enforcement.views.handover import ApprovalNoteDoor, HandoverDoor
from enforcement.views.listing import ListingDoor, ProposalDoor
from enforcement.views.registers import AccountabilityDoor, DishonestyDoor, JointPunishmentDoor
from enforcement.views.stop_order import StopOrderDoor


def register(address: str, basename: str, door: Any, *verbs: str, adds: bool = True) -> list:
    """The list, one row, and a POST for every verb."""

    def at(**methods: str) -> Any:
        return door.as_view(methods, basename=basename)

    return [
        path(address, at(get="list", post="create") if adds else at(get="list")),
        path(f"{address}/<uuid:pk>", at(get="retrieve")),
        *(path(f"{address}/<uuid:pk>/{verb}", at(post=verb.replace("-", "_"))) for verb in verbs),
    ]


urlpatterns = [
    path("hazards/<uuid:pk>/list", ListingDoor.as_view({"post": "put_up"}, basename="listings")),
    path("hazards/<uuid:pk>/delist", ListingDoor.as_view({"post": "delist"}, basename="listings")),
    *register("listings", "listings", ListingDoor, "publish", "progress", "apply", "accept", "refuse", adds=False),
    *register("listing-proposals", "listing_proposals", ProposalDoor, "decline"),
    *register(
        "stop-orders", "stop_orders", StopOrderDoor,
        "publish", "apply", "accept", "refuse", "consent", "resume", "withdraw", "close",
    ),
    *register("cases", "cases", CaseDoor, "decide", "correct"),
    *register("handovers", "handovers", HandoverDoor, "answer"),
    *register("approval-notes", "approval_notes", ApprovalNoteDoor, "acknowledge"),
    *register("accountability", "accountability", AccountabilityDoor, "void"),
    *register("joint-punishments", "joint_punishments", JointPunishmentDoor, "lift"),
    *register(
        "dishonesty-list", "dishonesty", DishonestyDoor,
        "object", "drop", "enlist", "publish", "apply-removal", "remove", "restore",
    ),
]  # fmt: skip
