"""The door of tus 1.0. Its refusals are problems like all others; throttling is 503 or 423, for clients give up at 429."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from accounts.authentication import WITH_DEVICE_KEY
from evidence.streams import AnyBytes
from phone.models import Upload
from phone.uploads import actions, protocol
from safety_api.bodies import announced
from safety_api.doors import Door
from safety_api.problems import LENGTH_REQUIRED, PHOTO_TOO_LARGE, UPLOAD_GONE, WRONG_MEDIA_TYPE


def header(name: str, said: str, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, str, "header", required=required, description=said)


RESUMABLE = header("Tus-Resumable", "1.0.0")


class UploadDoor(Door):
    """照片续传（tus 1.0）：断了从断处继续，换一条线路也行"""

    authentication_classes = WITH_DEVICE_KEY
    parser_classes = (AnyBytes,)
    keyed = False  # offsets do what keys do elsewhere

    def initialize_request(self, request, *args, **kwargs):
        made = super().initialize_request(request, *args, **kwargs)
        self.action = self.action_map.get(request.method.lower())  # OPTIONS is a verb of this protocol
        return made

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS":
            protocol.check_version(request.headers)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = protocol.VERSION
        if response.status_code == 412:
            response["Tus-Version"] = protocol.VERSION
        return response

    @extend_schema(request=None, responses={204: None})
    def about(self, request):
        """支持的版本和扩展。"""
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": protocol.VERSION, "Tus-Extension": protocol.EXTENSIONS, "Tus-Max-Size": str(settings.PHOTO_MAX_BYTES),
                "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
            },
        )  # fmt: skip

    @extend_schema(
        request={protocol.PIECE: OpenApiTypes.BINARY}, responses={201: None},
        parameters=[
            RESUMABLE, header("Upload-Length", "照片的字节数"),
            header("Upload-Metadata", "photo（记录申报的编号）和 sha256，值为 base64，如 photo N2EyZj…,sha256 OWY4Nm…"),
        ],
    )  # fmt: skip
    def begin(self, request):
        """开始一次上传；答复的 Location 是它的地址。可同时带上第一段。"""
        upload = actions.begin(protocol.wanted_in(request.headers), by=self.by)
        if request.content_type == protocol.PIECE:
            upload = self._go_on(upload.pk, 0)
        return self._told(upload, 201, Location=f"/api/v1/uploads/{upload.pk}")

    @extend_schema(request=None, responses={200: None}, parameters=[RESUMABLE])
    def where(self, request, upload_id: UUID):
        """已收到多少字节（Upload-Offset）。"""
        upload = actions.standing(self.by).filter(pk=upload_id).first()
        if upload is None:
            raise UPLOAD_GONE()
        actions.put_together(upload, by=self.by)  # whose last answer was lost in the middle of it
        return self._told(upload, 200, **{"Upload-Length": str(upload.size), "Cache-Control": "no-store"})

    @extend_schema(
        request={protocol.PIECE: OpenApiTypes.BINARY}, responses={204: None},
        parameters=[RESUMABLE, header("Upload-Offset", "从第几个字节起"), header("Upload-Checksum", "sha256 或 sha1，值为 base64", False)],
    )  # fmt: skip
    def go_on(self, request, upload_id: UUID):
        """下一段。最后一段到齐时照片即入库，与整张提交相同。"""
        if request.content_type != protocol.PIECE:
            raise WRONG_MEDIA_TYPE()
        return self._told(self._go_on(upload_id, protocol.number_in(request.headers, "Upload-Offset")), 204)

    def _go_on(self, upload_id: UUID, offset: int) -> Upload:
        checksum = protocol.checksum_in(self.request.headers)
        upload = actions.go_on(upload_id, self._piece(), offset=offset, by=self.by, checksum=checksum)
        actions.put_together(upload, by=self.by)
        return upload

    def _piece(self) -> bytes:
        """Raises LENGTH_REQUIRED, PHOTO_TOO_LARGE: before a byte is read where more is announced."""
        size, most = announced(self.request), settings.PHOTO_MAX_BYTES
        if size is None:
            raise LENGTH_REQUIRED()
        if size > most:
            raise PHOTO_TOO_LARGE(most=most // 1024 // 1024)
        return self.request._request.read(size)

    @extend_schema(request=None, responses={204: None}, parameters=[RESUMABLE])
    def terminate(self, request, upload_id: UUID):
        """不传了：已收的各段删去；已入库的照片不受影响。"""
        actions.terminate(upload_id, by=self.by)
        return HttpResponse(status=204)

    def _told(self, upload: Upload, status: int, **headers: str) -> HttpResponse:
        return HttpResponse(
            status=status,
            headers={"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires_at.timestamp()), **headers},
        )
