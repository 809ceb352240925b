#!/usr/bin/env python3
# tools/manpages.py: manpages.py PARAMETERS OUT/en OUT/zh_CN: writes, in both languages, what is declared elsewhere, once:
# posthorn-replies.7 from the [[reply]] tables of the catalogue, and the list of parameters of posthorn.toml.5 from PARAMETERS, the output
# of `posthorn config show --json`; the rest of that page stands in man/. The date of the replies is that of the newest file there, or
# SOURCE_DATE_EPOCH if it is set, so that a build can be repeated byte for byte.
import json
import os
import re
import sys
import time
import tomllib
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent
ROOT = SOURCES / "catalogue"

# Where the list of parameters goes in man/*/posthorn.toml.5.
PLACE = '.\\" PARAMETERS'

# What the tables of posthorn.toml are about. The build fails for a table that is not here.
TABLES = {
    "catalogue": {"en": "causes of your own", "zh_CN": "自定义原因"},
    "explain": {"en": "explanations on the command line", "zh_CN": "命令行上的解释"},
    "server": {"en": "where the server listens and how much it takes", "zh_CN": "监听地址与容量"},
    "log": {"en": "the log", "zh_CN": "日志"},
    "smtp": {"en": "receiving", "zh_CN": "收信"},
    "policy": {"en": "whose mail is taken", "zh_CN": "收谁的信"},
    "local": {"en": "users and aliases of this host", "zh_CN": "本机用户与别名"},
    "virtual": {"en": "domains whose users are no users of this system", "zh_CN": "虚拟域"},
    "relay": {"en": "domains of others", "zh_CN": "代为中转的域"},
    "route": {"en": "where mail goes", "zh_CN": "路由"},
    "pipe": {"en": "programs that get mail", "zh_CN": "管道程序"},
    "spool": {"en": "where mail waits", "zh_CN": "邮件存储"},
    "queue": {"en": "attempts, pauses, bounces", "zh_CN": "投递、重试与退信"},
    "delivery": {"en": "connections to other servers", "zh_CN": "与其他服务器的连接"},
    "dns": {"en": "names", "zh_CN": "域名解析"},
}

TEXT = {
    "en": {
        "title": "replies of Posthorn's own server",
        "description": "DESCRIPTION",
        "intro": "Posthorn's server refuses with these replies and no others. Each is declared with the cause it names, so that\n"
        "`posthorn explain` explains it, in English and Chinese, as exactly that cause. Words in braces stand for values.\n"
        "The row is that of the conformance table.",
        "names": "The names are those of the log and the metrics:",
        "replies": "REPLIES",
        "cause": "Cause",
        "row": "row",
        "comma": ", ",
        "stop": ".",
        "see": "SEE ALSO",
        "types": {"text": "Text", "number": "Number", "size": "Size", "duration": "Duration", "boolean": "true or false", "list": "List"},
        "one_of": "One of {}",
        "or": ", ",
        "range": " from {} to {}",
        "at_least": " from {}",
        "entries": " of at most {} texts",
        "default": "; default {}.",
        "restart": " A change needs a restart.",
        "table": "[{}]: {}",
    },
    "zh_CN": {
        "title": "Posthorn 服务器自己的回复",
        "description": "说明",
        "intro": "Posthorn 服务器拒绝邮件时，只会使用下面这些回复。每条回复都与它所说的原因写在一起，用 `posthorn explain` "
        "解释时得到的正是这个原因，中英文都有。花括号中的词代表实际的值。行号是一致性测试表的行号。",
        "names": "名称与日志、统计指标中的相同：",
        "replies": "回复",
        "cause": "原因",
        "row": "行号",
        "comma": "，",
        "stop": "。",
        "see": "另见",
        "types": {"text": "文本", "number": "数字", "size": "大小", "duration": "时长", "boolean": "true 或 false", "list": "列表"},
        "one_of": "可选值：{}",
        "or": "、",
        "range": "，{} 至 {}",
        "at_least": "，不小于 {}",
        "entries": "，最多 {} 项",
        "default": "；默认值：{}。",
        "restart": "修改后需重启。",
        "table": "[{}] {}",
    },
}


def load_replies():
    """(name, line, row, cause id, {language: title}) of every [[reply]], by code, then enhanced code, then name."""
    replies = []
    for path in sorted(ROOT.glob("*/*.toml")):
        cause = tomllib.loads(path.read_text(encoding="utf-8"))
        titles = {"en": cause["en"]["title"], "zh_CN": cause["zh"]["title"]}
        for reply in cause.get("reply", []):
            replies.append((reply["name"], reply["line"], reply.get("situation", 0), f"{path.parent.name}.{path.stem}", titles))
    return sorted(replies, key=lambda reply: (code_of(reply[1]), reply[0]))


def code_of(line):
    basic, enhanced = line.split(" ")[:2]
    return [int(basic)] + [int(part) for part in enhanced.split(".")]


def roff(text):
    """`text` so that mdoc takes it as it stands, also at the head of a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    text = re.sub(r"([.!?]) ", r"\1\\& ", text)  # no sentence ends here: these are one line each
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def without_places(title):
    """A title's {value|fallback} places show their fallback."""
    return re.sub(r"\{[a-z]+\|([^}]*)\}", r"\1", title)


def page(language, replies, date):
    text = TEXT[language]
    lines = [
        '.\\" Written by tools/manpages.py from catalogue/; change the files there.',
        f".Dd {date}",
        ".Dt POSTHORN-REPLIES 7",
        ".Os Posthorn",
        ".Sh NAME",
        ".Nm posthorn-replies",
        f".Nd {text['title']}",
        f".Sh {text['description']}",
        roff(text["intro"]),
        ".Pp",
        text["names"],
        f".Sh {text['replies']}",
        ".Bl -tag -width Ds",
    ]
    for name, line, row, cause, titles in replies:
        lines.append(f".It Sy {roff(name)}")
        lines.append(roff(line))
        lines.append(".br")
        lines.append(roff(without_places(titles[language]) + text["stop"]))
        lines.append(".br")
        where = f"{text['comma']}{text['row']} {row}" if row else ""
        lines.append(roff(f"{text['cause']} {cause}{where}{text['stop']}"))
    lines += [
        ".El",
        f".Sh {text['see']}",
        ".Xr posthorn 1 ,",
        ".Xr posthorn-catalogue 1 ,",
        ".Xr posthorn-explain 1 ,",
        ".Xr posthorn-catalogue 5",
    ]
    return "\n".join(lines) + "\n"


def with_bold_code(text):
    """roff of `text`, in which `backquotes` hold what is typed."""
    pieces = text.split("`")
    return "".join(f"\\fB{roff(piece)}\\fR" if index % 2 else roff(piece) for index, piece in enumerate(pieces))


def value_line(text, parameter):
    """What the parameter may be, and what it is if nothing is said."""
    lower, upper = parameter["min"], parameter["max"]
    if parameter["choices"]:
        line = text["one_of"].format(text["or"].join(f'"{word}"' for word in parameter["choices"].split()))
    else:
        line = text["types"][parameter["type"]]
        if parameter["type"] == "list":
            line += text["entries"].format(upper) if upper else ""
        elif lower or upper:
            line += text["range"].format(lower, upper) if upper else text["at_least"].format(lower)
    # A size or a duration stands in quotes, as in the file; a bare number needs none.
    default = json.dumps(parameter["default"], ensure_ascii=False)
    return line + text["default"].format(default) + (text["restart"] if parameter["reload"] == "restart" else "")


def parameter_list(language, parameters):
    text = TEXT[language]
    doc = "en" if language == "en" else "zh"
    tables = {}
    for parameter in parameters:
        tables.setdefault(parameter["name"].split(".")[0], []).append(parameter)
    lines = []
    for table, members in tables.items():
        if table not in TABLES:
            sys.exit(f"tools/manpages.py: say in TABLES what [{table}] of posthorn.toml is about, in both languages")
        lines += [f'.Ss {roff(text["table"].format(table, TABLES[table][language]))}', ".Bl -tag -width Ds"]
        for parameter in members:
            lines += [f'.It Va {roff(parameter["name"])}', with_bold_code(parameter[doc]), ".br", roff(value_line(text, parameter))]
        lines.append(".El")
    return lines


def toml_page(language, parameters):
    """man/LANGUAGE/posthorn.toml.5 with the parameters in their place."""
    source = SOURCES / "man" / language / "posthorn.toml.5"
    lines = source.read_text(encoding="utf-8").splitlines()
    if lines.count(PLACE) != 1:
        sys.exit(f"{source}: the line {PLACE}, where the parameters go, must stand there once")
    place = lines.index(PLACE)
    return "\n".join(lines[:place] + parameter_list(language, parameters) + lines[place + 1:]) + "\n"


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: manpages.py PARAMETERS OUT/en OUT/zh_CN")
    parameters = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    replies = load_replies()
    newest = max(path.stat().st_mtime for path in ROOT.glob("*/*.toml"))
    when = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", newest)))
    date = f"{time.strftime('%B', when)} {when.tm_mday}, {when.tm_year}"
    for language, folder in zip(TEXT, sys.argv[2:]):
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        (out / "posthorn-replies.7").write_text(page(language, replies, date), encoding="utf-8")
        (out / "posthorn.toml.5").write_text(toml_page(language, parameters), encoding="utf-8")


if __name__ == "__main__":
    main()
