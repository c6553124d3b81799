"""The words of evidence: what kinds there are, and why a file isn't taken."""

from enum import Enum

from admin_app.errors import DomainError, ErrorKind
from admin_app.wording import Text

FILES_MOST = 10
FILE_BYTES_MOST = 10 * 1024 * 1024
PIXELS_MOST = 40_000_000


class EvidenceKind(Enum):
    ID_CARD = "id_card"
    PASSPORT = "passport"
    SIGNED_FORM = "signed_form"
    LICENCE = "licence"
    AUTHORISATION = "authorisation"
    OTHER = "other"

    @property
    def label(self) -> Text:
        return _LABELS[self]

    @property
    def comes_with_filing(self) -> bool:
        """The form to sign is drawn of what has been filed, and follows."""
        return self is not EvidenceKind.SIGNED_FORM


_LABELS = {
    EvidenceKind.ID_CARD: Text(
        "身份证（或外国人永久居留身份证）", "ID card (or permanent-residence card)"
    ),
    EvidenceKind.PASSPORT: Text("护照", "passport"),
    EvidenceKind.SIGNED_FORM: Text("签字或盖章的信息变更表", "signed or stamped change form"),
    EvidenceKind.LICENCE: Text(
        "营业执照或法人证书", "business licence, or the institution's certificate"
    ),
    EvidenceKind.AUTHORISATION: Text(
        "单位授权书（盖章）", "authorisation by the unit, with its stamp"
    ),
    EvidenceKind.OTHER: Text("其他材料", "other evidence"),
}


class EvidenceMissing(DomainError):
    code = "evidence_missing"
    text = Text("还缺材料：{kinds}。", "Evidence is missing: {kinds}.")


class EvidenceNotTaken(DomainError):
    code = "evidence_not_taken"
    text = Text(
        "“{name}”不是可以接收的文件。请上传 JPG、PNG、HEIC 照片或 PDF。",
        "“{name}” can't be taken. Please upload a JPG, PNG or HEIC picture, or a PDF.",
    )


class EvidenceDamaged(DomainError):
    code = "evidence_damaged"
    text = Text(
        "“{name}”打不开，可能已损坏。请重新拍照或扫描后再上传。",
        "“{name}” can't be opened; it may be damaged. Please take or scan it again.",
    )


class EvidenceTooLarge(DomainError):
    code = "evidence_too_large"
    text = Text(
        "“{name}”太大。每个文件最多 10 MB，照片最多 4000 万像素。",
        "“{name}” is too large: at most 10 MB a file, and 40 million pixels a picture.",
    )


class EvidenceEmpty(DomainError):
    code = "evidence_empty"
    text = Text("“{name}”是空文件，请重新选择。", "“{name}” is empty; please choose it again.")


class EvidenceTooMuch(DomainError):
    code = "evidence_too_much"
    kind = ErrorKind.INVALID
    text = Text("一份申请最多 10 个文件。", "At most 10 files for one case.")


class EvidenceGone(DomainError):
    """The row is there and the file isn't, or isn't what was stored."""

    code = "evidence_gone"
    kind = ErrorKind.CONFLICT
    text = Text(
        "这份材料现在取不出来，请稍后再试；仍不行的，请本人重新上传。",
        "This file can't be fetched just now. Try later; if it still fails, ask for it again.",
    )


class EvidenceNotKept(DomainError):
    """What keeps the files is full or doesn't answer."""

    code = "evidence_not_kept"
    kind = ErrorKind.CONFLICT
    text = Text(
        "文件现在存不下来，这次什么也没有提交。请稍后再试；仍不行的，请联系平台。",
        "Files can't be kept just now, and nothing was sent. Please try again later; "
        "if it still fails, call the platform.",
    )
