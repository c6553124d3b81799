"""What is made of an uploaded file: believed is its content alone, and of pictures only pixels."""

import io
import resource
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from admin_app.errors import DomainError
from admin_app.migration.blockers import Blocker
from admin_app.service_desk.evidence_vocabulary import (
    FILE_BYTES_MOST,
    EvidenceDamaged,
    EvidenceEmpty,
    EvidenceKind,
    EvidenceNotTaken,
    EvidenceTooLarge,
)
from admin_app.service_desk.form_vocabulary import FormKind
from admin_app.service_desk.uploads import Upload, receive, shown_name
from admin_app.setting_kinds import CaseName, EvidenceName
from tests.builders_pictures import (
    PDF,
    bomb,
    bomb_in_pixels,
    bomb_in_words,
    heic,
    picture,
    with_position,
    with_position_as,
)


def taken(content: bytes, name: str = "照片.jpg") -> Upload:
    return receive(EvidenceKind.ID_CARD, name, content)


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("a.txt", "x")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("PNG", mode="RGBA"), "image/png"),
        (picture("PNG", mode="P"), "image/png"),
        (heic(), "image/jpeg"),
        (PDF, "application/pdf"),
    ],
)
def test_pictures_and_pdfs_are_taken_whatever_they_are_called(
    content: bytes, media_type: str
) -> None:
    for name in ("x.exe", "照片.jpg", "无后缀"):
        assert taken(content, name).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00", archive(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 50,
     b"<!doctype html>", b"plain", b"\0" * 40],
)  # fmt: skip
def test_anything_else_is_not_whatever_it_is_called(content: bytes) -> None:
    for name in ("照片.jpg", "scan.pdf"):
        with pytest.raises(EvidenceNotTaken):
            taken(content, name)


def test_a_picture_that_is_something_else_as_well_is_only_a_picture_afterwards() -> None:
    hidden = archive() + b"<script>alert(1)</script>"
    for form in ("JPEG", "PNG"):
        kept = taken(picture(form) + hidden).content
        assert b"PK" not in kept[-200:]
        assert b"<script" not in kept


def test_a_pdf_that_is_an_archive_as_well_is_not_taken() -> None:
    with pytest.raises(EvidenceNotTaken):
        taken(PDF + archive() + b"%%EOF")
    with pytest.raises(EvidenceNotTaken):
        taken(b"GIF89a" + PDF)


def test_where_and_with_what_it_was_taken_is_gone() -> None:
    photograph = with_position()
    assert b"Telefon 9" in photograph
    kept = taken(photograph).content
    assert b"Telefon" not in kept
    assert b"taken at home" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert "exif" not in image.info
        assert image.size == (40, 30)


@pytest.mark.parametrize("form", ["PNG", "HEIF"])
def test_so_it_is_in_every_format(form: str) -> None:
    photograph = with_position_as(form)
    assert b"Telefon" in photograph
    kept = taken(photograph).content
    for word in (b"Telefon", b"taken at home", b"Exif", b"eXIf", b"GPS"):
        assert word not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()


def test_what_unpacks_to_a_great_deal_never_does() -> None:
    """Neither a note nor more pixels than the picture has."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EvidenceDamaged):
        taken(bomb_in_words())
    with suppress(EvidenceDamaged):
        assert len(taken(bomb_in_pixels()).content) < 10_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kilobytes
    assert grown < 300_000


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(EvidenceTooLarge):
        taken(bomb())


def test_too_many_bytes_and_none_at_all() -> None:
    with pytest.raises(EvidenceTooLarge):
        taken(PDF + b" " * FILE_BYTES_MOST)
    with pytest.raises(EvidenceEmpty):
        taken(b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_half_a_picture_is_damaged(form: str) -> None:
    whole = picture(form, (400, 300))
    with pytest.raises(EvidenceDamaged):
        taken(whole[: len(whole) // 2])
    with pytest.raises(EvidenceDamaged):
        taken(PDF[:-8])


@given(st.sampled_from([picture("JPEG"), picture("PNG"), heic(), PDF]), st.binary(max_size=60),
       st.integers(0, 400))  # fmt: skip
def test_whatever_comes_is_taken_or_refused_in_words(whole: bytes, noise: bytes, at: int) -> None:
    """Any other error would be one of ours."""
    with suppress(DomainError):
        assert taken(whole[:at] + noise + whole[at + len(noise) :]).content


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\身份证.jpg", "身份证.jpg"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "—"),
        ("长" * 300, "长" * 100),
    ],
)
def test_a_name_is_for_reading_and_never_a_path(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


def test_settings_know_the_same_kinds() -> None:
    assert set(EvidenceName.__args__) == {kind.value for kind in EvidenceKind}


def test_the_settings_know_every_kind_of_case_with_a_form() -> None:
    forms = {kind.value for kind in FormKind}
    assert forms <= set(CaseName.__args__)
    assert set(CaseName.__args__) - forms <= {each.value for each in Blocker}
