"""Doors of photos."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import WITH_DEVICE_KEY
from accounts.tickets import ticket_of
from evidence import actions
from evidence.links import SIZES, link
from evidence.models import Photo
from evidence.owners import may_see
from evidence.serializers import GiveUpShape, PhotoOut, PhotoStateOut
from evidence.streams import AnyBytes, chunks_of
from geo.serializers import CrsParam
from safety_api.bodies import announced
from safety_api.doors import Door, Filters
from safety_api.problems import NOT_FOUND

MOST_ALIKE = 20  # looked at for a reviewer, one by one


class PhotoFilters(Filters):
    size = serializers.ChoiceField(choices=list(SIZES), required=False, help_text="给出时转向该尺寸的短时链接")
    crs = CrsParam()


class PhotoDoor(Door):
    """照片"""

    serializer_class = PhotoOut
    parser_classes = (AnyBytes,)
    filters = {"show": PhotoFilters}

    def show(self, request, photo_id):
        """照片的申报、状态与短时链接；带 size 时直接转向图片。"""
        wanted = self.parameters()
        photo = Photo.objects.filter(pk=photo_id).first()
        if photo is None or not may_see(request.user, photo):
            raise NOT_FOUND()
        if "size" in wanted:
            address = link(photo, wanted["size"], ticket_of(request))
            if address is None:
                raise NOT_FOUND()
            return HttpResponseRedirect(address)
        alike = actions.same_bytes(photo).order_by("stored_at", "pk")[:MOST_ALIKE] if photo.stored_at else ()
        photo.same_bytes_in = [each for each in alike if may_see(request.user, each)]
        return Response(PhotoOut(photo, context={"crs": wanted["crs"], "ticket": ticket_of(request)}).data)


class PhotoBytesDoor(Door):
    """照片"""

    authentication_classes = WITH_DEVICE_KEY
    serializer_class = PhotoStateOut
    parser_classes = (AnyBytes,)
    tag = "photos"

    @extend_schema(
        request={"image/*": {"type": "string", "format": "binary"}},
        parameters=[OpenApiParameter("Content-Length", int, OpenApiParameter.HEADER)],
        responses={200: PhotoStateOut, 201: PhotoStateOut, 202: PhotoStateOut},
    )
    def content(self, request, photo_id):
        """整张上传。201 新收，200 同样内容已有，202 先于记录收到，409 与申报或已存的不同；400 cut_off 中途断了，请重传；
        400 not_an_image、too_many_pixels 不能收存，回执里记为 refused，不必再传。可带 Content-Digest: sha-256=:…:。"""
        state, status, sha256 = actions.take_in(photo_id, chunks_of(request), size=announced(request), by=self.by)
        return Response({"id": photo_id, "sha256": sha256, "state": state}, status=status)


class PhotoStepDoor(Door):
    """照片"""

    serializer_class = PhotoStateOut
    tag = "photos"

    @extend_schema(
        request=GiveUpShape, responses=PhotoStateOut,
        examples=[OpenApiExample("遗失", {"reason": "手机损坏，原图无法找回"}, request_only=True)],
    )  # fmt: skip
    def give_up(self, request, photo_id):
        """申报人已没有这张照片的原文件：写明理由，回执里记为 refused（given_up），不再等它。原文件找到后仍可上传。"""
        photo = actions.give_up(photo_id, by=self.by, **self.read(GiveUpShape))
        return Response(self.shape().to_representation(photo))
