"""Bytes in an S3 bucket: an object appears whole or not at all, and the bucket has said what it holds before anybody is told.

Whatever fails is one of two: the object is not there (FileNotFoundError), or the bucket cannot be worked with now (STORAGE_UNAVAILABLE).
"""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import Storage

from evidence.storage import CHUNK, incoming_folder, unavailable

CLIENT = {
    "connect_timeout": 2,
    "read_timeout": 10,
    # Once more: a connection kept from before may be gone. A web thread waits no longer than that.
    "retries": {"mode": "standard", "total_max_attempts": 2},
    # The hash that is sent is ours; the checksums of boto3's own are unknown to many a server that speaks S3.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
LEAST_PART = 5 * 1024 * 1024  # bytes: S3 joins no smaller ones, the last one apart
PAUSE = 10  # seconds: a bucket that did not answer is not waited for again, so that it stops nobody who wants something else
IN_MEMORY = 256 * 1024


class Bucket(Storage):
    least_part = LEAST_PART

    def __init__(self, *, bucket: str, endpoint: str, access_key: str, secret_key: str, region: str, addressing: str):
        self.bucket, self._again_at = bucket, 0.0
        self._told = {
            "endpoint_url": endpoint, "region_name": region, "aws_access_key_id": access_key, "aws_secret_access_key": secret_key,
            "config": Config(s3={"addressing_style": addressing}, **CLIENT),
        }  # fmt: skip

    @cached_property
    def client(self) -> Any:
        """Of this process, made at first use: never before a fork."""
        return boto3.session.Session().client("s3", **self._told)

    def ready(self) -> None:
        """Raises STORAGE_UNAVAILABLE."""
        with self._reached():
            self.client.head_bucket(Bucket=self.bucket)

    def names(self, folder: str) -> Iterator[str]:
        """All that is kept in it, in the order of their names."""
        with self._reached():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{folder}/")
            for page in pages:
                yield from (each["Key"] for each in page.get("Contents", ()))

    def size(self, name: str) -> int:
        with self._reached():
            try:
                return self.client.head_object(Bucket=self.bucket, Key=name)["ContentLength"]
            except ClientError as error:
                if _status(error) != 404:
                    raise
        self.ready()  # the same answer is given for a bucket that is gone
        raise FileNotFoundError(name)

    def exists(self, name: str) -> bool:
        try:
            return self.size(name) >= 0
        except FileNotFoundError:
            return False

    def delete(self, name: str) -> None:
        with self._reached():
            self.client.delete_object(Bucket=self.bucket, Key=name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        """Fetched whole before the first byte is handed on: what breaks off on the way is no answer begun."""
        with self._reached():
            found = self.client.get_object(Bucket=self.bucket, Key=name)
            size = found["ContentLength"]
            file: IO[bytes] = BytesIO() if size <= IN_MEMORY else TemporaryFile(dir=incoming_folder())  # noqa: SIM115 - handed on
            for chunk in found["Body"].iter_chunks(CHUNK):
                file.write(chunk)
            if file.tell() != size:
                raise OSError(f"{name}: {file.tell()} bytes of {size} came")
            file.seek(0)
        return File(file, name)

    def _save(self, name: str, content: File) -> str:
        """One request carries all of it, so nothing half made is left; what is not confirmed with its hash is asked for by its size."""
        digest = b64encode(_digest(content)).decode()
        content.seek(0)
        with self._reached():
            said = self.client.put_object(Bucket=self.bucket, Key=name, Body=content.file, ChecksumSHA256=digest)
        if said.get("ChecksumSHA256") != digest and (kept := self._kept(name)) != content.size:
            raise unavailable(OSError(f"{name}: {kept} bytes of {content.size} were kept"))
        return name

    # --- an object that grows: each part is on the bucket before it is answered; whole it appears when all are told of --------------
    def begin_parts(self, name: str) -> str:
        with self._reached():
            return self.client.create_multipart_upload(Bucket=self.bucket, Key=name)["UploadId"]

    def put_part(self, name: str, key: str, number: int, content: bytes) -> str:
        """Its tag, for `join_parts`. Of the same number again: in the place of the one before."""
        digest = b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        with self._reached():
            return self.client.upload_part(
                Bucket=self.bucket, Key=name, UploadId=key, PartNumber=number, Body=content, ContentMD5=digest
            )["ETag"]  # fmt: skip

    def join_parts(self, name: str, key: str, tags: list[tuple[int, str]]) -> None:
        """Raises FileNotFoundError when they were joined before, or dropped."""
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in tags]
        with self._reached():
            self.client.complete_multipart_upload(Bucket=self.bucket, Key=name, UploadId=key, MultipartUpload={"Parts": parts})

    def drop_parts(self, name: str, key: str) -> None:
        with suppress(FileNotFoundError), self._reached():
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=name, UploadId=key)

    def _kept(self, name: str) -> int | None:
        try:
            return self.size(name)
        except FileNotFoundError:
            return None

    @contextmanager
    def _reached(self) -> Iterator[None]:
        if time.monotonic() < self._again_at:
            raise unavailable(OSError(f"the bucket {self.bucket} did not answer just now"))
        try:
            yield
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchUpload"):
                raise FileNotFoundError(str(error)) from None
            raise unavailable(error) from error
        except BotoCoreError as error:
            self._again_at = time.monotonic() + PAUSE
            raise unavailable(error) from error
        except OSError as error:
            raise unavailable(error) from error


def _status(error: ClientError) -> int:
    return error.response["ResponseMetadata"]["HTTPStatusCode"]


def _digest(content: File) -> bytes:
    content.seek(0)
    return hashlib.file_digest(content.file, "sha256").digest()  # type: ignore[arg-type]
