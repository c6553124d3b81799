"""Canned answers: what the desk writes again and again, in both languages."""

from typing import NamedTuple

from admin_app.wording import Text


class Reply(NamedTuple):
    """An answer, kept by its key: the person reads it in their language, the desk in its own."""

    label: Text
    text: Text


# Who is asked for this fills the form in for the case there is.
FILL_IN = "fill_in"

REPLIES = {
    FILL_IN: Reply(
        Text("请填写信息变更表", "ask for the change form"),
        Text(
            "您的原账号需要平台核实，申请已经登记。请填写信息变更表，上传需要的材料，平台收到后开始办理。",
            "Your old account needs a check by the platform, and a case is open. Please fill in "
            "the change form and upload what it asks for; the platform goes on from there.",
        ),
    ),
    "id_card": Reply(
        Text("请上传身份证", "ask for the ID card"),
        Text(
            "请上传本人身份证正反面的清晰照片，四角完整、不反光。",
            "Please upload a clear picture of both sides of your ID card, with all four corners.",
        ),
    ),
    "signed_form": Reply(
        Text("请上传签字的变更表", "ask for the signed form"),
        Text(
            "请上传本人签字（或单位盖章）的信息变更表的扫描件或照片。",
            "Please upload a scan or picture of the change form with your signature or the unit's "
            "seal.",
        ),
    ),
    "unclear": Reply(
        Text("照片看不清", "the picture can't be read"),
        Text(
            "您上传的照片看不清，请在光线充足的地方重新拍一张。",
            "The picture you uploaded can't be read. Please take another one in good light.",
        ),
    ),
    "which_unit": Reply(
        Text("请说明原来的单位", "ask for the former unit"),
        Text(
            "请告诉我们您原来登记的单位名称和大概的注册时间，便于核对。",
            "Please tell us the unit you were registered with, and roughly when.",
        ),
    ),
    "solved": Reply(
        Text("问题已解决", "it is solved"),
        Text(
            "问题已经解决，不再需要核实。您不用再做什么。",
            "This is solved and needs no check any more. There is nothing for you to do.",
        ),
    ),
}
