# tests/interop/bounce.py: a bounce as Sisimai reads it, the parser that mailing systems use.
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = "use Sisimai; my $json = Sisimai->dump($ARGV[0], delivered => 1); print $json // '[]';"


def parse(content):
    """What Sisimai finds in a bounce: a list of dictionaries, one for each recipient."""
    if shutil.which("perl") is None or subprocess.run(["perl", "-MSisimai", "-e", "1"], capture_output=True, check=False).returncode != 0:
        raise unittest.SkipTest("Sisimai is not installed (see cmake/debian-packages.txt)")
    with tempfile.TemporaryDirectory() as folder:
        mail = Path(folder, "bounce.eml")
        mail.write_bytes(content.replace(b"\r\n", b"\n"))
        done = subprocess.run(["perl", "-MSisimai", "-e", SCRIPT, str(mail)], capture_output=True, timeout=300, check=True)
    return json.loads(done.stdout.decode() or "[]")
