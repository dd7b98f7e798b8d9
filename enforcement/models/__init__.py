"""Tables of the registers, one file a noun."""

from enforcement.models.accountability import Accountability
from enforcement.models.case import Case
from enforcement.models.dishonesty import Dishonesty
from enforcement.models.handover import ApprovalNote, Handover
from enforcement.models.joint_punishment import JointPunishment
from enforcement.models.listing import Listing, ListingProposal, Progress
from enforcement.models.stop_order import StopConsent, StopOrder

__all__ = [
    "Accountability", "ApprovalNote", "Case", "Dishonesty", "Handover", "JointPunishment", "Listing", "ListingProposal",
    "Progress", "StopConsent", "StopOrder",
]  # fmt: skip
