# tests/replies/wordings_test.py: the replies of wordings.tsv, as providers, filters and block lists word them, keep the reason that is
# right. One process for all; what fails is shown together, for a new rule seldom breaks one line alone.
import json
import unittest

import posthorn_tool
from posthorn_tool import ROOT, tsv_rows

ROWS = tsv_rows(ROOT / "tests/replies/wordings.tsv")


def reply_of(row):
    return row["reply"].replace("\\n", "\n")


class Wordings(unittest.TestCase):
    def test_each_reply_has_its_reason(self):
        requests = [{"id": number, "text": reply_of(row), "provider": row["provider"]} for number, row in enumerate(ROWS)]
        _, answers = posthorn_tool.batch(requests)
        wrong = [f"{row['reply']}: {answer['reason']} by {answer['evidence']['rule']}, not {row['reason']}"
                 for row, answer in zip(ROWS, answers, strict=True) if answer["reason"] not in row["reason"].split("|")]
        self.assertEqual(wrong, [])

    def test_no_reply_is_there_twice(self):
        replies = [row["reply"] for row in ROWS]
        self.assertEqual(sorted({reply for reply in replies if replies.count(reply) > 1}), [])


if __name__ == "__main__":
    unittest.main()
