"""Evidence in an S3-compatible bucket; imported only where one is configured."""

import errno
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from admin_app.service_desk.storage import is_key, place_of
from admin_app.setting_kinds import Bucket
from admin_app.settings import SettingsError

Answer = TypeVar("Answer")

# With the pauses of boto3 between them; then whoever waits is told.
_TRIES = 3
_PAGE = 1000
_NO_KEY = (
    "YIHAOTONG_EVIDENCE_BUCKET__ACCESS_KEY: missing, and this machine has no role or profile that "
    "opens the bucket; set it and YIHAOTONG_EVIDENCE_BUCKET__SECRET_KEY in the environment"
)


class StorageTrouble(OSError):
    """The service doesn't answer or won't do it: which error it was and of which bucket."""

    def __init__(self, trouble: str, bucket: str) -> None:
        super().__init__(errno.EIO, trouble, bucket)


class BucketStorage:
    """Objects in a bucket that belongs to the console; each is written in one piece.

    Raises:
        SettingsError: there is no key to it; better at the start than at somebody's first upload.
    """

    def __init__(self, bucket: Bucket, page: int = _PAGE) -> None:
        self._bucket, self._prefix, self._page = bucket.name, bucket.prefix, page
        session = boto3.Session(
            aws_access_key_id=bucket.access_key or None,
            aws_secret_access_key=bucket.secret_key.get_secret_value() or None,
            region_name=bucket.region,
        )
        if session.get_credentials() is None:
            raise SettingsError(_NO_KEY)
        self._client = session.client(
            "s3",
            endpoint_url=bucket.endpoint or None,
            config=Config(
                connect_timeout=bucket.timeout_seconds,
                read_timeout=bucket.timeout_seconds,
                retries={"mode": "standard", "total_max_attempts": _TRIES},
                # Services other than Amazon's know neither names as hosts nor its newer checksums.
                s3={"addressing_style": "path" if bucket.endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, key: str, content: bytes) -> None:
        place = self._prefix + place_of(key)
        self._asked(lambda: self._client.put_object(Bucket=self._bucket, Key=place, Body=content))

    def get(self, key: str) -> bytes | None:
        place = self._prefix + place_of(key)

        def read() -> bytes | None:
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=place)
            except self._client.exceptions.NoSuchKey:
                return None
            with answer["Body"] as body:
                return bytes(body.read())

        return self._asked(read)

    def delete(self, key: str) -> None:
        place = self._prefix + place_of(key)
        self._asked(lambda: self._client.delete_object(Bucket=self._bucket, Key=place))

    def stored(self) -> Iterator[tuple[str, datetime]]:
        pages = iter(
            self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix, PaginationConfig={"PageSize": self._page}
            )
        )
        while page := self._asked(lambda: next(pages, None)):
            for each in page.get("Contents", ()):
                key = each["Key"].rpartition("/")[2]
                # A prefix may be shared with what isn't ours.
                if is_key(key) and each["Key"] == self._prefix + place_of(key):
                    yield key, each["LastModified"]

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        """
        Raises:
            StorageTrouble
        """
        try:
            return ask()
        except ClientError as error:
            word = error.response.get("Error", {}).get("Code", "unknown")
            raise StorageTrouble(word, self._bucket) from None
        except BotoCoreError as error:
            # Its message has addresses in it; the class says enough.
            raise StorageTrouble(type(error).__name__, self._bucket) from None
