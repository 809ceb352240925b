# tests/cli/completion_test.py: `posthorn completion`: the scripts complete in the shells they are for; and help and version, which
# come from the same table of commands.
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import posthorn_tool
from posthorn_tool import COMMANDS, TIMEOUT, columns, environment, has_chinese, run

EXIT_OK, EXIT_USAGE = 0, 64


class Bash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("bash") is None:
            raise unittest.SkipTest("no bash here")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.script = cls.folder / "posthorn.bash"
        cls.script.write_bytes(run("completion", "bash").raw)
        (cls.folder / "posthorn").symlink_to(os.path.abspath(posthorn_tool.program()))
        (cls.folder / "replies.txt").write_text("550 no\n")

    def complete(self, *words):
        """What the TAB key offers behind `words`, the last of which is being typed; the words cut as bash would cut them."""
        cut = [part for word in words for part in (re.split(r"(=)", word) if word.startswith("--") and "=" in word else [word])]
        ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; ' \
              '_posthorn posthorn "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; printf "%s\\n" "${COMPREPLY[@]}"'
        path = f"{self.folder}:{os.environ.get('PATH', '/usr/bin:/bin')}"
        done = subprocess.run(["bash", "--norc", "-c", ask, "bash", str(self.script), "posthorn", *cut], capture_output=True, cwd=self.folder,
                              env=environment(PATH=path), timeout=TIMEOUT, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode().split()

    def test_the_script_is_sound(self):
        done = subprocess.run(["bash", "-n", str(self.script)], capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_the_script_registers_itself(self):
        done = subprocess.run(["bash", "--norc", "-c", 'source "$1"; complete -p posthorn', "bash", str(self.script)],
                              capture_output=True, timeout=TIMEOUT, check=False)
        self.assertIn(b"_posthorn posthorn", done.stdout)

    def test_commands(self):
        self.assertEqual(self.complete(""), list(COMMANDS))
        self.assertEqual(self.complete("c"), ["codes", "catalogue", "config", "completion"])
        self.assertEqual(self.complete("exp"), ["explain"])

    def test_options(self):
        self.assertEqual(self.complete("explain", "--b"), ["--batch"])
        self.assertEqual(self.complete("explain", "--l"), ["--lang"])
        for option in ("--file", "--json", "--batch", "--provider", "--host", "--command", "--config", "--lang", "--help"):
            self.assertIn(option, self.complete("explain", "--"))
        self.assertNotIn("--batch", self.complete("codes", "--"))

    def test_choices(self):
        self.assertEqual(self.complete("explain", "--lang", ""), ["en", "zh", "both"])
        self.assertEqual(self.complete("explain", "--command", "R"), ["RCPT"])

    def test_choices_behind_an_equals_sign(self):
        self.assertEqual(self.complete("explain", "--lang=z"), ["zh"])
        self.assertEqual(self.complete("explain", "--lang="), ["en", "zh", "both"])

    def test_subcommands(self):
        self.assertEqual(self.complete("catalogue", "re"), ["reasons"])
        self.assertEqual(self.complete("completion", ""), ["bash", "zsh", "fish", "--config", "--lang", "--help"])
        self.assertIn("explain", self.complete("help", ""))

    def test_files(self):
        self.assertEqual(self.complete("explain", "--file", "repl"), ["replies.txt"])
        self.assertEqual(self.complete("catalogue", "check", "repl"), ["replies.txt"])

    def test_cause_ids(self):
        self.assertIn("recipient.unknown", self.complete("catalogue", "show", "recipient.u"))


class OtherShells(unittest.TestCase):
    def check(self, shell):
        script = run("completion", shell)
        self.assertEqual((script.status, script.err), (EXIT_OK, ""))
        for command in COMMANDS:
            self.assertIn(command, script.out)
        for option in ("file", "batch", "provider", "lang", "config", "reason"):
            self.assertIn(option, script.out)
        self.assertTrue(has_chinese(run("completion", shell, "--lang=zh").out))
        if shutil.which(shell) is None:
            self.skipTest(f"no {shell} here: its script was not parsed")
        for language in ("en", "zh"):
            with tempfile.NamedTemporaryFile(suffix=f".{shell}") as file:
                file.write(run("completion", shell, f"--lang={language}").raw)
                file.flush()
                done = subprocess.run([shell, "-n", file.name], capture_output=True, timeout=TIMEOUT, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_zsh(self):
        self.check("zsh")

    def test_fish(self):
        self.check("fish")

    def test_the_quotes_are_even(self):
        for shell in ("zsh", "fish"):
            for line in run("completion", shell).lines():
                self.assertEqual(line.replace("'\\''", "").replace("\\'", "").count("'") % 2, 0, line)

    def test_wrong_words(self):
        for words in ([], ["tcsh"], ["bash", "zsh"]):
            done = run("completion", *words)
            self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
            self.assertIn("bash, zsh, fish", done.err)


class HelpAndVersion(unittest.TestCase):
    def test_overview(self):
        texts = {run(*words).out for words in ([], ["help"], ["--help"], ["-h"])}
        self.assertEqual(len(texts), 1)
        text = texts.pop()
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} ")
        self.assertTrue(has_chinese(run("help", "--lang=zh").out))

    def test_help_of_every_command(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                done = run("help", command)
                self.assertEqual((done.status, done.err), (EXIT_OK, ""))
                self.assertTrue(done.out.startswith(f"posthorn {command}"))
                self.assertEqual(run(command, "--help").out, done.out)
                self.assertEqual(run(command, "-h").out, done.out)
                for option in ("--config", "--lang", "--help"):
                    self.assertIn(option, done.out)

    def test_help_in_chinese(self):
        for command in COMMANDS:
            chinese = run("help", command, "--lang=zh").out
            self.assertTrue(has_chinese(chinese))
            self.assertEqual(run(command, "--help", "--lang=zh").out, chinese)

    def test_the_help_s_own_example_works(self):
        example = re.search(r"posthorn explain '([^']*)'", run("help").out).group(1)
        self.assertEqual(run("explain", "--json", example).objects()[0]["reason"], "rdns_missing")

    def test_no_line_is_wider_than_80_columns(self):
        for language in ("en", "zh"):
            for words in ([], *([command] for command in COMMANDS)):
                for line in run("help", *words, f"--lang={language}").lines():
                    self.assertLessEqual(columns(line), 80, line)

    def test_an_unknown_command(self):
        for words in (["nonsense"], ["help", "nonsense"], ["--nonsense"]):
            done = run(*words)
            self.assertEqual((done.status, done.out), (EXIT_USAGE, ""))
            self.assertIn("nonsense", done.err)

    def test_version(self):
        texts = {run(*words).out for words in (["version"], ["--version"], ["-V"])}
        self.assertEqual(len(texts), 1)
        self.assertRegex(texts.pop(), r"^posthorn \d+\.\d+\.\d+\n$")
        declared = re.search(r"project\(posthorn VERSION ([\d.]+)", (posthorn_tool.ROOT / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(run("version").out, f"posthorn {declared}\n")


if __name__ == "__main__":
    unittest.main()
