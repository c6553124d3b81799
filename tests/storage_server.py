"""A real S3-compatible server, spoken to over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from admin_app.setting_kinds import Bucket

_numbers = count(1)


@contextmanager
def storage_server() -> Iterator[str]:
    """A server of our own for as long as it is needed; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def bucket_at(address: str, **more: object) -> Bucket:
    """The settings of a bucket that nobody else uses; it is there and empty."""
    values = {
        "name": f"evidence-{next(_numbers)}",
        "endpoint": address,
        "access_key": "test",
        "secret_key": SecretStr("not a secret"),
        "timeout_seconds": 5,
    }
    bucket = Bucket.model_validate(values | more)
    client_of(bucket).create_bucket(Bucket=bucket.name)
    return bucket


def client_of(bucket: Bucket) -> Any:
    """Whoever runs the bucket, past the console."""
    return boto3.client(
        "s3",
        endpoint_url=bucket.endpoint,
        region_name=bucket.region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
