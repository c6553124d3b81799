"""The fixed words of the change form, in both languages."""

from collections.abc import Sequence

from admin_app.wording import Text

TITLE = Text("信息变更表", "Information change form")
NUMBER = Text("受理编号", "case number")
FILED_ON = Text("提交日期", "filed on")
SCAN = Text("扫码查看办理进度", "scan to see where it stands")

APPLICANT = Text("申请人", "applicant")
NAME = Text("姓名", "name")
ID_TYPE = Text("证件类型", "ID document")
ID_NUMBER = Text("证件号码", "ID number")
UNIT = Text("所在单位", "unit")

MATTER = Text("申请事项", "what is asked")
KIND = Text("申请类型", "kind of request")
WHAT = Text("项目", "item")
REGISTERED = Text("原登记内容", "registered")
ASKED = Text("申请变更为", "asked for")
ACCOUNT = Text("原账号", "old account")
DIFFERS = Text("与省平台核验的不一致", "not what the portal has verified")
STAFF_DECIDE = Text("由平台工作人员核实办理", "for the platform's staff to look into")

STATEMENT = Text("情况说明", "statement")
ENCLOSED = Text("随附材料", "evidence enclosed")
COME = Text("{kind}（已上传 {number} 份）", "{kind} (uploaded: {number})")
TO_COME = Text("{kind}（待补交）", "{kind} (still to come)")
NOTHING_ENCLOSED = Text("无", "none")

DECLARATION = Text("承诺与签章", "declaration and signature")
PROMISE = Text(
    "本人（本单位）承诺：以上内容和所交材料真实、准确、完整；同意平台为办理本申请核对相关信息。"
    "如有不实，愿承担相应责任。",
    "I (we) declare that the above and the evidence enclosed are true and complete, and agree "
    "that the platform checks them for the purpose of this request.",
)
SIGNATURE = Text("申请人签字", "signature")
STAMP = Text("单位盖章（以单位名义申请的）", "stamp (if a unit asks)")
DATE = Text("日期", "date")
BLANK_DATE = Text("          年        月        日", "_" * 24)

HOW = Text("填表说明", "what to do with this form")
_STEPS = (
    Text(
        "打印本表，核对内容后签字；以单位名义申请的，加盖单位公章。",
        "Print the form, check it and sign it; if a unit asks, add the unit's stamp.",
    ),
    Text(
        "拍照或扫描，在一号通“我的人工核实申请”里打开这份申请，作为“签字或盖章的信息变更表”上传。",
        "Take a picture or scan it, open this case in the console and upload it there as the "
        "signed or stamped change form.",
    ),
    Text(
        "内容有误的，不要在纸上涂改，请在申请页面补充说明或撤回后重新提交。",
        "If something is wrong, don't correct it on paper: say so on the case's page, or "
        "withdraw the case and file it again.",
    ),
)
_ASK = Text("咨询电话：{phones}。", "Questions: {phones}.")
_ASK_OR_MAIL = Text(
    "咨询电话：{phones}；不便上网的，也可发送至 {email}。",
    "Questions: {phones}; the form can also be sent to {email}.",
)
FILE_NAME = Text("信息变更表-{number}", "Information-change-form-{number}")


def steps(phones: Sequence[str], email: str) -> list[Text]:
    """What to do with the form, and whom to ask."""
    ask = _ASK_OR_MAIL if email else _ASK
    numbers = Text("、".join(phones), ", ".join(phones))
    return [*_STEPS, ask.format(phones=numbers, email=email)]
