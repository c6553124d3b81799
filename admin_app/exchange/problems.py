"""Why a file can't be read at all: one sentence each, with the line where there is one."""

from admin_app.errors import DomainError
from admin_app.wording import Text


class UnreadableFile(DomainError):
    """The file as a whole can't be taken; nothing of it has been."""


class FileMissing(UnreadableFile):
    code = "file_missing"
    text = Text("无法打开文件“{name}”：{why}", "The file “{name}” can't be opened: {why}")


class NotASpreadsheet(UnreadableFile):
    code = "not_a_spreadsheet"
    text = Text(
        "“{name}”不是可用的表格，请另存为 XLSX 或 CSV 后再导入。",
        "“{name}” isn't a spreadsheet this can read; save it as XLSX or CSV.",
    )


class EmptyFile(UnreadableFile):
    code = "file_empty"
    text = Text("“{name}”中没有内容。", "There is nothing in “{name}”.")


class WrongEncoding(UnreadableFile):
    code = "wrong_encoding"
    text = Text(
        "第 {line} 行不是 UTF-8 或 GB18030 编码，请用其中一种重新保存。",
        "Wrong encoding at line {line}: it is neither UTF-8 nor GB18030. Save the file in one.",
    )


class BrokenQuotes(UnreadableFile):
    code = "broken_quotes"
    text = Text(
        "第 {line} 行开始的引号没有正确结束，或一个单元格太长。",
        "In the row that begins at line {line} a quotation mark is out of place or never closed.",
    )


class DuplicateHeader(UnreadableFile):
    code = "duplicate_header"
    text = Text("表头中“{header}”出现了不止一次。", "The header “{header}” occurs more than once.")


class SheetMissing(UnreadableFile):
    code = "sheet_missing"
    text = Text(
        "没有名为“{sheet}”的工作表；可选：{present}。",
        "There is no sheet “{sheet}”; there are: {present}.",
    )


class ColumnMissing(UnreadableFile):
    code = "column_missing"
    text = Text(
        "找不到“{column}”列（可写作：{accepted}）；文件中的列：{present}。",
        "There is no column for “{column}” (one of: {accepted}); the file has: {present}.",
    )


class MappingWrong(UnreadableFile):
    code = "mapping_wrong"
    text = Text("对照表“{name}”有误：{why}", "The mapping “{name}” is wrong: {why}")
