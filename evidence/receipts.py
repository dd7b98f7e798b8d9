"""回执 What a phone is told of a record that it sent, before it may forget its own copy: when it came, its fingerprint, each photo hash by hash."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from evidence.models import Photo, PhotoState
from evidence.papers.serializers import PaperOfRecordOut
from evidence.serializers import PhotoStateOut
from safety_api.shapes import Out


class ReceiptOut(Out):
    received_at = serializers.DateTimeField()
    content_sha256 = serializers.CharField(help_text="随检查收到的隐患为空：它的内容在那次检查里")
    photos = PhotoStateOut(source="shown_photos", many=True)
    papers = PaperOfRecordOut(many=True, source="shown_papers", help_text="由此记录出具的文书：文号在此回传")
    complete = serializers.BooleanField()


def with_receipt(record: Any, photos: Iterable[Photo], papers: list[dict[str, Any]]) -> Any:
    """The record as ReceiptOut reads it."""
    record.shown_photos, record.shown_papers = list(photos), papers
    record.complete = all(photo.state != PhotoState.MISSING for photo in record.shown_photos)
    return record
