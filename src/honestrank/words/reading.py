"""Sentences about files as they come: headings, labels and numbers that can be read in two ways. See `wording`."""

READING: dict[str, tuple[str, str]] = {
    "ragged": (
        "Line {line} has {found} columns where the heading has {expected}.",
        "第 {line} 行有 {found} 列，表头是 {expected} 列。",
    ),
    "line_too_long": (
        "Line {line} is too long. Is a quotation mark missing there? If not, leave out columns of long text.",
        "第 {line} 行太长。那里是不是少了一个引号？如果不是，请删去文字很长的列。",
    ),
    "quote_open": (
        "In line {line} a quotation mark is opened and never closed.",
        "第 {line} 行有一个引号没有闭合。",
    ),
    "score_is_code": (
        "Column “{column}” holds {value} in {count} rows, far from all other scores: programs write so where nothing is known. "
        "Leave these cells blank; if it is a score indeed, declare the grades (--grades).",
        "“{column}”列有 {count} 个 {value}，远离其他所有分数：统计程序用它表示缺失。请把这些格留空；"
        "如果确是分数，请用 --grades 写明档次分值。",
    ),
    "weight_unknown": (
        "In column “{column}” a weight of part “{part}” is blank or no number. Write digits alone (0.4 or 40 for 40 %) in every row.",
        "“{column}”列中“{part}”部分有的权重空着或不是数字。请每行都只写数字（40% 写 0.4 或 40）。",
    ),
    "many_negative": (
        "--many is {many}; take a whole number from 0.",
        "--many 是 {many}；请用不小于 0 的整数。",
    ),
    "score_is_text": (
        "Line {line}: “{value}” in column “{column}” is not a number. Write digits alone (87 for 87 %), "
        "points for words, and leave the cell blank where there is no score.",
        "第 {line} 行：“{column}”列的“{value}”不是数字。请只写数字（87% 写 87），等次换成分值，没有分数的留空。",
    ),
    "columns_alike": (
        "Column “{column}” could be any of these: {columns}. Give its name exactly as it stands in the file.",
        "“{column}”可能是以下任何一列：{columns}。请按文件中的写法给出列名。",
    ),
    "file_is_workbook": (
        "{path} is a workbook ({kind}). Save its sheet as CSV in UTF-8 and give that file.",
        "{path} 是工作簿（{kind}）。请把工作表另存为 UTF-8 编码的 CSV，再使用该文件。",
    ),
    "file_is_old_office": (
        "{path} is a file of an older Excel, Word or WPS. If it is a workbook, save its sheet as CSV in UTF-8 and give that file.",
        "{path} 是旧版 Excel、Word 或 WPS 的文件。如果是工作簿，请把工作表另存为 UTF-8 编码的 CSV，再使用该文件。",
    ),
    "file_is_document": (
        "{path} is a document ({kind}), not a table. Copy the table into a workbook, save it as CSV in UTF-8 and give that file.",
        "{path} 是文档（{kind}），不是表格。请把表格复制到工作簿，另存为 UTF-8 编码的 CSV，再使用该文件。",
    ),
    "file_is_page": (
        "{path} is a web page ({kind}), whatever its name says. Open it in Excel or WPS, save it as CSV in UTF-8 and give that file.",
        "{path} 实际上是网页（{kind}），与扩展名无关。请用 Excel 或 WPS 打开，另存为 UTF-8 编码的 CSV，再使用该文件。",
    ),
    "file_is_marked_up": (
        "{path} is {kind}, not a table. Write the rows as CSV with a heading, or as Parquet.",
        "{path} 是 {kind}，不是表格。请把数据写成带表头的 CSV 或 Parquet。",
    ),
    "file_is_picture": (
        "{path} is a picture ({kind}), not a table. Type the table, or have it recognised, and save it as CSV in UTF-8.",
        "{path} 是图片（{kind}），不是表格。请录入或识别表格内容，另存为 UTF-8 编码的 CSV。",
    ),
    "file_is_packed": (
        "{path} is packed ({kind}). Unpack it and give the CSV or Parquet file inside.",
        "{path} 是压缩包（{kind}）。请先解压，再使用其中的 CSV 或 Parquet 文件。",
    ),
    "file_is_encrypted": (
        "{path} is encrypted {kind}. Write it without encryption and give that file.",
        "{path} 是加密的 {kind} 文件。请另存为未加密的文件再使用。",
    ),
    "file_of_program": (
        "{path} is a file of {kind}. Write its table from there as CSV or Parquet and give that file.",
        "{path} 是 {kind} 的文件。请在该程序中把数据另存为 CSV 或 Parquet，再使用该文件。",
    ),
    "file_is_program": (
        "{path} is a program, not a table. Give the path of a CSV or Parquet file.",
        "{path} 是程序，不是表格。请给出 CSV 或 Parquet 文件的路径。",
    ),
    "file_is_no_text": (
        "{path} holds hardly anything but zeros: it was not written or copied to its end. Copy it anew.",
        "{path} 里几乎全是零字节，没有写完或没有复制完。请重新复制。",
    ),
    "file_is_pointer": (
        "{path} only says where the file is kept (Git LFS). Fetch the file itself: git lfs pull.",
        "{path} 只是指向真实文件的指针（Git LFS）。请先取回文件本身：git lfs pull。",
    ),
    "parquet_broken": (
        "{path} begins as Parquet does and does not end so: it was not written or copied to its end. Copy it anew.",
        "{path} 的开头是 Parquet，但内容不完整，没有写完或没有复制完。请重新复制。",
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
    "label_dated": (
        "“{label}” in column “{column}” is a date among labels that are none: a spreadsheet makes dates of labels such as 3-1. "
        "Format the column as text, write the label again and save.",
        "“{column}”列的“{label}”是日期，而其他标签不是：电子表格会把“3-1”这样的标签变成日期。请把该列设为文本格式，重新填写后保存。",
    ),
    "label_serial": (
        "“{label}” in column “{column}” is how spreadsheets keep the date {day}; they make dates of labels such as 3-1. "
        "Format the column as text, write the label again and save.",
        "“{column}”列的“{label}”是电子表格内部表示 {day} 的数字：“3-1”这样的标签会被它变成日期。请把该列设为文本格式，重新填写后保存。",
    ),
    "heading_serial": (
        "The heading “{column}” is how spreadsheets keep the date {day}; they make dates of names such as 3-1. Format the row of "
        "headings as text and write the name again; if it is a number indeed, put a word before it.",
        "列名“{column}”是电子表格内部表示 {day} 的数字：“3-1”这样的名称会被它变成日期。请把标题行设为文本格式后重新填写；"
        "如果确是编号，请在前面加上文字。",
    ),
    "labels_alike": (
        "Column “{column}” has “{one}” and “{other}”, which differ only in blanks, width, zeros or how an accent is written. "
        "If they are one, write them alike; else rename one.",
        "“{column}”列里有“{one}”和“{other}”，只在空格、全角半角、零或重音的写法上有差别。如果是同一个，请统一写法；否则请改名。",
    ),
    "unnamed_column": (
        "Column {place} has no name but holds something. Is it the ballot? Give it a name and say --ballot; else delete it.",
        "第 {place} 列没有列名却有内容。它是选票编号吗？请给它列名并用 --ballot 指明；否则请删去。",
    ),
    "column_counts_rows": (
        "Column “{column}” only numbers the rows. Is it the ballot? Say --ballot “{column}”; else delete it.",
        "“{column}”列只是行号。它是选票编号吗？请用 --ballot “{column}” 指明；否则请删去。",
    ),
    "column_numbers_ballots": (
        "Column “{column}” has another number in each row, as numbers of ballots have. Is it the ballot? Say --ballot “{column}”; "
        "else delete it.",
        "“{column}”列每行的数都不同，像是选票编号。它是选票编号吗？请用 --ballot “{column}” 指明；否则请删去。",
    ),
    "heading_of_ballots": (
        "Column “{column}” reads like the number or name of a ballot, and no candidate was asked for by that name. "
        "Say --ballot “{column}”, or delete it; if it is a candidate, spell the name out.",
        "“{column}”列像是选票的编号，不像候选对象。请用 --ballot “{column}” 指明，或删去该列；如果它是候选对象，请写全称。",
    ),
    "heading_of_counts": (
        "Column “{column}” reads like how many such ballots there are. "
        "Say --count “{column}”, or delete it; if it is a candidate, spell the name out.",
        "“{column}”列像是同样选票的张数。请用 --count “{column}” 指明，或删去该列；如果它是候选对象，请写全称。",
    ),
    "heading_dated": (
        "The heading “{column}” is a date: a spreadsheet makes dates of names such as 3-1. "
        "Format the row of headings as text, write the candidate again and save.",
        "列名“{column}”是日期：电子表格会把“3-1”这样的名称变成日期。请把表头设为文本格式，重新写上候选对象后保存。",
    ),
    "mark_no_grade": (
        "“{value}” in column “{column}” is none of the declared grades ({grades}). Mend it, or declare every grade a rater may give.",
        "“{column}”列的“{value}”不在所列档次分值（{grades}）之中。请改正，或把评分人可给的档次全部列出。",
    ),
    "score_beyond_grades": (
        "The score of unit “{unit}” is {value}, which no mean of the declared grades ({grades}) can be. "
        "Declare every grade a rater may give, on the scale of the scores.",
        "单位“{unit}”的分数是 {value}，所列档次分值（{grades}）的均值不可能如此。请按分数的尺度把评分人可给的档次全部列出。",
    ),
    "bad_noise": (
        "“{value}” is no way to take noise; take own_or_pooled, own or pooled.",
        "没有“{value}”这种误差处理方式；请用 own_or_pooled、own 或 pooled。",
    ),
    "covariance_differs": (
        "The covariance gives unit “{unit}” a variance of {variance}, its standard error says {squared}. "
        "Give both from the same fit: the diagonal holds the squares of the standard errors.",
        "协方差矩阵给单位“{unit}”的方差是 {variance}，而按标准误应为 {squared}。请用同一次估计的结果：对角线是标准误的平方。",
    ),
    "two_marks_for_decimals": (
        "Column “{column}” has both “{comma}” and “{point}”: is the point there for decimals or for thousands? "
        "Write a point before all decimals and nothing between thousands.",
        "“{column}”列里既有“{comma}”又有“{point}”：其中的点是小数点还是千位分隔？请一律用小数点表示小数，千位之间不加符号。",
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
    "column_asked_twice": (
        "Column “{column}” is asked for as two things at once, for example as unit and as rater. Name another column for one of them.",
        "“{column}”列同时被指定为两种用途，例如既是单位又是评委。请为其中一种另指一列。",
    ),
    "label_total": (
        "“{label}” in column “{column}” reads like a row of totals or means. Leave it out; if it is a name, spell it out.",
        "“{column}”列的“{label}”像是合计或平均数。请去掉；如果它是名称，请写全称。",
    ),
    "score_too_small": (
        "The scores differ by no more than {value}; squares of such numbers are lost. Multiply all scores by one number first.",
        "分数之间最多只差 {value}，其平方会丢失；请先把所有分数乘以同一个数。",
    ),
    "rank_beyond": (
        "Line {line}: “{value}” in column “{column}” is no place among {count} candidates. "
        "If the column names the ballot, say --ballot; if it counts equal ballots, --count; else mend it.",
        "第 {line} 行：“{column}”列的“{value}”不可能是 {count} 个候选对象中的名次。"
        "如果该列是选票编号，请用 --ballot 指明；如果是同样选票的张数，请用 --count；否则请改正。",
    ),
    "not_a_column": (
        "{what}: this is no column. Give a list, an array or one column of a table.",
        "{what}：这不是一列数据。请给列表、数组或表中的一列。",
    ),
    "not_a_table": (
        "{what}: this is no table. Give a data frame, a two-dimensional array, a list of rows, or names with their columns.",
        "{what}：这不是一张表。请给数据框、二维数组、由行组成的列表，或列名与各列的对应。",
    ),
    "column_without_name": (
        "{what}: give the name of a column.",
        "{what}：请给出列名。",
    ),
    "half_a_sign": (
        "{what}: “{value}” in row {row} holds half a sign, as text does that was read in a wrong code. Read it again as UTF-8.",
        "{what}：第 {row} 行的“{value}”含有半个字符，是按错误的编码读入的文本。请按 UTF-8 重新读取。",
    ),
    "rows_differ": (
        "{what}: the rows or columns differ in length.",
        "{what}：各行或各列的长度不同。",
    ),
    "not_a_number": (
        "{what}: “{value}” is not a number. Give numbers, and nothing where there is none.",
        "{what}：“{value}”不是数字。请给数字，没有的留空。",
    ),
    "not_finite_in_row": (
        "{what}: in row {row} a number is missing or not finite.",
        "{what}：第 {row} 行有数字缺失或不是有限的数。",
    ),
    "infinite_in_row": (
        "{what}: in row {row} a number is not finite.",
        "{what}：第 {row} 行有数字不是有限的数。",
    ),
    "marks_not_whole": (
        "Row {row} holds {value}: a mark here is a whole number, 0 or nothing where none is given.",
        "第 {row} 行有 {value}：这里的打分应为整数，未打分处写 0 或留空。",
    ),
    "unit_unnamed": ("Entry {place} of the units has no name.", "单位列表的第 {place} 项没有名称。"),
    "other_order": (
        "The columns of the {what} name the units in another order than the list of units. Put both into one order.",
        "{what}的列与单位列表的顺序不同。请把两者排成同一顺序。",
    ),
}
