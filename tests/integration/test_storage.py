"""What keeps evidence, folder or bucket: the same promises, and trouble said in one word."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from admin_app.cli import main
from admin_app.service_desk.bucket_storage import BucketStorage, StorageTrouble
from admin_app.service_desk.storage import FolderStorage, Storage, new_key, storage_in
from admin_app.setting_kinds import Bucket
from tests.databases import Database
from tests.effort import examples
from tests.storage_server import bucket_at, client_of, storage_server

Fresh = Callable[[], Storage]
# Keys alike enough to share places, and to come in an order of their own.
KEYS = [f"{place}{number:038x}" for place in ("00", "a0", "ff") for number in (1, 2, 255)]
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "get", "delete"]), st.sampled_from(KEYS), st.binary()),
    max_size=12,
)


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    with storage_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Makes empty storages of one kind."""
    if request.param == "folder":
        made = iter(range(10_000))
        return lambda: FolderStorage(tmp_path / str(next(made)))
    address = request.getfixturevalue("bucket_server")
    return lambda: BucketStorage(bucket_at(address), page=2)  # so that lists have pages


@given(STEPS)
@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_put_is_there_until_it_is_deleted(
    fresh: Fresh, steps: list[tuple[str, str, bytes]]
) -> None:
    storage, expected = fresh(), dict[str, bytes]()
    for verb, key, content in steps:
        match verb:
            case "put":
                storage.put(key, content)
                expected[key] = content
            case "delete":
                storage.delete(key)
                expected.pop(key, None)
            case _:
                assert storage.get(key) == expected.get(key)
    assert [key for key, _at in storage.stored()] == sorted(expected)
    assert {key: storage.get(key) for key in expected} == expected


def test_when_it_was_stored_is_known(fresh: Fresh) -> None:
    storage, before = fresh(), datetime.now(UTC)
    storage.put(KEYS[0], b"x")
    ((_key, at),) = storage.stored()
    assert abs(at - before) < timedelta(minutes=1)


def test_ten_megabytes_come_back_as_they_were(fresh: Fresh) -> None:
    storage, content = fresh(), os.urandom(10 * 1024 * 1024)
    storage.put(KEYS[0], content)
    assert storage.get(KEYS[0]) == content


@pytest.mark.parametrize("key", ["../../../etc/passwd", "a/b", "", "A" * 40, "0" * 40 + "\n"])
def test_a_key_leads_nowhere_else(fresh: Fresh, key: str) -> None:
    storage = fresh()
    for ask in (lambda: storage.put(key, b"x"), lambda: storage.get(key)):
        with pytest.raises(ValueError, match="not a key"):
            ask()
    with pytest.raises(ValueError, match="not a key"):
        storage.delete(key)


def test_what_is_not_ours_is_not_counted_among_ours(tmp_path: Path, bucket_server: str) -> None:
    folder = FolderStorage(tmp_path)
    folder.put(KEYS[0], b"x")
    (tmp_path / "00" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes(b"x")
    assert [key for key, _at in folder.stored()] == [KEYS[0]]

    bucket = bucket_at(bucket_server)
    shared = BucketStorage(bucket)
    shared.put(KEYS[0], b"x")
    for name in ("evidence/readme.txt", f"elsewhere/00/{KEYS[1]}", f"evidence/{KEYS[1]}"):
        client_of(bucket).put_object(Bucket=bucket.name, Key=name, Body=b"x")
    assert [key for key, _at in shared.stored()] == [KEYS[0]]


def test_what_a_killed_writer_left_is_found_and_goes(tmp_path: Path) -> None:
    storage, key = FolderStorage(tmp_path), new_key()
    (tmp_path / key[:2]).mkdir()
    half = tmp_path / key[:2] / f"{key}.part"
    half.write_bytes(b"half")
    assert storage.get(key) is None
    assert [each for each, _at in storage.stored()] == [key]
    storage.delete(key)
    assert not half.exists()


def test_a_named_bucket_is_used_and_otherwise_the_folder(
    tmp_path: Path, bucket_server: str
) -> None:
    assert isinstance(storage_in(str(tmp_path), Bucket()), FolderStorage)
    storage = storage_in(str(tmp_path), bucket_at(bucket_server))
    storage.put(KEYS[0], b"x")
    assert list(tmp_path.rglob("*")) == []


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without role and profile; the file its profile would be in."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    return tmp_path / "credentials"


@pytest.mark.parametrize("command", ["serve", "worker", "tidy"])
def test_a_bucket_that_nothing_opens_stops_the_start(
    database: Database, bare_machine: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """In one line that names what is missing; not at somebody's first upload."""
    monkeypatch.setenv("YIHAOTONG_DATABASE_URL", database.url)
    monkeypatch.setenv("YIHAOTONG_EVIDENCE_BUCKET__NAME", "evidence")
    refused = CliRunner().invoke(main, [command])
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert line.startswith("yihaotong: YIHAOTONG_EVIDENCE_BUCKET__ACCESS_KEY: missing")
    assert "YIHAOTONG_EVIDENCE_BUCKET__SECRET_KEY" in line


def test_without_a_key_of_its_own_the_machines_opens_it(
    bare_machine: Path, bucket_server: str
) -> None:
    bare_machine.write_text("[default]\naws_access_key_id = a\naws_secret_access_key = b\n")
    bucket = bucket_at(bucket_server).model_copy(
        update={"access_key": "", "secret_key": SecretStr("")}
    )
    storage = BucketStorage(bucket)
    storage.put(KEYS[0], b"x")
    assert storage.get(KEYS[0]) == b"x"


def test_two_consoles_share_a_bucket_by_prefix(bucket_server: str) -> None:
    one = bucket_at(bucket_server, prefix="one/")
    first, second = BucketStorage(one), BucketStorage(one.model_copy(update={"prefix": "two/"}))
    first.put(KEYS[0], b"x")
    assert second.get(KEYS[0]) is None
    assert list(second.stored()) == []


def test_a_bucket_that_is_not_there_is_trouble_and_not_an_empty_one(bucket_server: str) -> None:
    storage = BucketStorage(bucket_at(bucket_server).model_copy(update={"name": "another"}))
    _is_trouble(storage, "NoSuchBucket")


def test_a_service_that_is_down_is_trouble() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    _is_trouble(BucketStorage(_somewhere(port)), "EndpointConnectionError")


def test_a_service_that_never_answers_is_given_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=50) as silent:
        storage = BucketStorage(_somewhere(silent.getsockname()[1], timeout_seconds=0.1))
        begun = time.monotonic()
        with pytest.raises(StorageTrouble, match="Timeout"):
            storage.put(KEYS[0], b"x")
        assert time.monotonic() - begun < 15


def _is_trouble(storage: Storage, word: str) -> None:
    """Each verb says so in one word."""
    asks: list[Callable[[], object]] = [
        lambda: storage.put(KEYS[0], b"x"),
        lambda: storage.get(KEYS[0]),
        lambda: storage.delete(KEYS[0]),
        lambda: list(storage.stored()),
    ]
    for ask in asks:
        with pytest.raises(StorageTrouble) as trouble:
            ask()
        assert trouble.value.strerror == word


def _somewhere(port: int, **more: object) -> Bucket:
    values = {
        "name": "evidence",
        "endpoint": f"http://127.0.0.1:{port}",
        "access_key": "test",
        "secret_key": "test",
    }
    return Bucket.model_validate(values | more)
