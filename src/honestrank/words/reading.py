"""Sentences about files as they come: headings, labels and numbers that can be read in two ways. See `wording`."""

READING: dict[str, tuple[str, str]] = {
    "columns_alike": (
        "Column “{column}” could be any of these: {columns}. Give its name exactly as it stands in the file.",
        "“{column}”可能是以下任何一列：{columns}。请按文件中的写法给出列名。",
    ),
    "quote_inside": (
        "In line {line} a quotation mark stands inside a cell. Put the cell into quotation marks and double the one inside.",
        "第 {line} 行的单元格里有引号。请用引号括起该单元格，并把里面的引号写成两个。",
    ),
    "number_has_two_readings": (
        "Line {line}: “{value}” in column “{column}” can be read in two ways. Write a point before decimals and nothing between thousands.",
        "第 {line} 行：“{column}”列的“{value}”有两种读法。请用小数点表示小数，千位之间不加符号。",
    ),
    "number_behind_headings": (
        "Line {line} has “{value}” behind the last heading. Was a comma inside a number taken for a separator? "
        "Put such numbers into quotation marks, or give the column a heading.",
        "第 {line} 行在最后一个列名之后还有“{value}”。是不是把数字里的逗号当成了分隔符？请给这样的数字加引号，或给该列加上列名。",
    ),
    "label_missing": (
        "Line {line}: “{value}” in column “{column}” says that nothing is known. "
        "Fill it in or leave the line out; if it is a name, spell it out.",
        "第 {line} 行：“{column}”列的“{value}”表示缺失。请填上内容或去掉该行；如果它是名称，请写全称。",
    ),
    "label_shortened": (
        "“{label}” in column “{column}” is a long number that a spreadsheet has shortened: its last digits are gone. "
        "Format the column as text in the spreadsheet and save again.",
        "“{column}”列的“{label}”是被电子表格缩短的长数字，末尾几位已丢失。请在电子表格中把该列设为文本格式后重新保存。",
    ),
    "labels_alike": (
        "Column “{column}” has “{one}” and “{other}”, which differ only in blanks, width or zeros. "
        "If they are one, write them alike; else rename one.",
        "“{column}”列里有“{one}”和“{other}”，只在空格、全角半角或零上有差别。如果是同一个，请统一写法；否则请改名。",
    ),
    "unnamed_column": (
        "Column {place} has no name but holds something. Is it the ballot? Give it a name and say --ballot; else delete it.",
        "第 {place} 列没有列名却有内容。它是选票编号吗？请给它列名并用 --ballot 指明；否则请删去。",
    ),
    "column_counts_rows": (
        "Column “{column}” only numbers the rows. Is it the ballot? Say --ballot “{column}”; else delete it.",
        "“{column}”列只是行号。它是选票编号吗？请用 --ballot “{column}” 指明；否则请删去。",
    ),
    "bad_memory": (
        "The memory must be a number of gigabytes above zero, for example 4.",
        "内存须为大于零的 GB 数，例如 4。",
    ),
    "answer_unwritable": ("The answer cannot be written: {reason}.", "无法写出结果：{reason}。"),
    "folder_unwritable": (
        "The folder {path} cannot be written: {reason}. Give another one with --out.",
        "无法写入文件夹 {path}：{reason}。请用 --out 另给一个。",
    ),
}
