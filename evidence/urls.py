from django.urls import path

from evidence.papers.views import DraftDoor, PaperDoor, PreviewDoor, ScanDoor, VerifyDoor
from evidence.views import PhotoBytesDoor, PhotoDoor, PhotoStepDoor

urlpatterns = [
    path("photos/<uuid:photo_id>", PhotoDoor.as_view({"get": "show"}, basename="photos")),
    path("photos/<uuid:photo_id>/content", PhotoBytesDoor.as_view({"put": "content"}, basename="photos")),
    path("photos/<uuid:photo_id>/give-up", PhotoStepDoor.as_view({"post": "give_up"}, basename="photos")),
    path("papers", PaperDoor.as_view({"get": "list", "post": "create"}, basename="papers")),
    path("papers/preview", PreviewDoor.as_view({"post": "preview"}, basename="papers")),
    path("papers/drafts", DraftDoor.as_view({"get": "list"}, basename="paper_drafts")),
    path("papers/drafts/<uuid:draft_id>", DraftDoor.as_view({"get": "retrieve"}, basename="paper_drafts")),
    path("papers/drafts/<uuid:draft_id>/issue", DraftDoor.as_view({"post": "issue"}, basename="paper_drafts")),
    path("papers/drafts/<uuid:draft_id>/discard", DraftDoor.as_view({"post": "discard"}, basename="paper_drafts")),
    path("papers/<uuid:paper_id>", PaperDoor.as_view({"get": "retrieve"}, basename="papers")),
    path("papers/<uuid:paper_id>.pdf", PaperDoor.as_view({"get": "pdf"}, basename="papers")),
    path("papers/<uuid:paper_id>.docx", PaperDoor.as_view({"get": "docx"}, basename="papers")),
    path("papers/<uuid:paper_id>/correct", PaperDoor.as_view({"post": "correct"}, basename="papers")),
    path("papers/<uuid:paper_id>/signatures", PaperDoor.as_view({"post": "sign"}, basename="papers")),
    path("papers/<uuid:paper_id>/refusals", PaperDoor.as_view({"post": "refuse"}, basename="papers")),
    path("papers/<uuid:paper_id>/service", PaperDoor.as_view({"post": "serve"}, basename="papers")),
    path("papers/<uuid:paper_id>/scan", ScanDoor.as_view({"put": "put_scan", "get": "scan"}, basename="papers")),
    path("verify/<str:code>", VerifyDoor.as_view({"get": "show"}, basename="verify")),
]
