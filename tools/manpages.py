#!/usr/bin/env python3
# tools/manpages.py: manpages.py OUT/en OUT/zh_CN: writes posthorn-replies.7 in both languages from the [[reply]] tables of the
# catalogue, where each reply of the server is declared once. The date is that of the newest file there, or SOURCE_DATE_EPOCH
# if it is set, so that a build can be repeated byte for byte.
import os
import re
import sys
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "catalogue"

TEXT = {
    "en": {
        "title": "replies of Posthorn's own server",
        "description": "DESCRIPTION",
        "intro": "Posthorn's server, which is being built, refuses with these replies and no others. Each is declared with the cause it\n"
        "names, so that\n"
        "`posthorn explain` explains it, in English and Chinese, as exactly that cause. Words in braces stand for values.\n"
        "The row is that of the conformance table.",
        "names": "The names are those of the log and the metrics:",
        "replies": "REPLIES",
        "cause": "Cause",
        "row": "row",
        "comma": ", ",
        "stop": ".",
        "see": "SEE ALSO",
    },
    "zh_CN": {
        "title": "Posthorn 服务器自己的回复",
        "description": "说明",
        "intro": "Posthorn 服务器（正在开发）拒绝邮件时，只会使用下面这些回复。每条回复都与它所说的原因写在一起，用 `posthorn explain` "
        "解释时得到的正是这个原因，中英文都有。花括号中的词代表实际的值。行号是一致性测试表的行号。",
        "names": "名称与日志、统计指标中的相同：",
        "replies": "回复",
        "cause": "原因",
        "row": "行号",
        "comma": "，",
        "stop": "。",
        "see": "另见",
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


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: manpages.py OUT/en OUT/zh_CN")
    replies = load_replies()
    newest = max(path.stat().st_mtime for path in ROOT.glob("*/*.toml"))
    when = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", newest)))
    date = f"{time.strftime('%B', when)} {when.tm_mday}, {when.tm_year}"
    for language, folder in zip(TEXT, sys.argv[1:]):
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        (out / "posthorn-replies.7").write_text(page(language, replies, date), encoding="utf-8")


if __name__ == "__main__":
    main()
