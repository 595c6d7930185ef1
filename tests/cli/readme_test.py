"""The commands that README.md shows are run as they stand; only the program and the output folder are replaced."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def shell_blocks():
    return re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)


class Readme(unittest.TestCase):
    def test_program_commands_work(self):
        lines = [line for block in shell_blocks() for line in block.splitlines() if "build/bin/topograph" in line]
        self.assertGreaterEqual(len(lines), 4)
        with tempfile.TemporaryDirectory(prefix="tg_readme_") as folder:
            for line in lines:
                command = line.replace("build/bin/topograph", f"'{os.environ['TOPOGRAPH']}'").replace("build/debian", f"{folder}/debian")
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, f"{line}\n{done.stderr}")
                self.assertTrue((done.stdout + done.stderr).strip(), line)
            self.assertTrue((pathlib.Path(folder) / "debian/report.html").exists())

    def test_the_guide_names_commands_and_options_that_exist(self):
        helps = {}

        def help_of(verb):
            if verb not in helps:
                done = subprocess.run([os.environ["TOPOGRAPH"], verb, "--help"], capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, verb)
                helps[verb] = done.stdout
            return helps[verb]

        n_flags = 0
        for line in (ROOT / "docs/guide/from_bertopic.md").read_text().splitlines():
            if not line.startswith("| ") or line.startswith("| BERTopic"):
                continue
            verb = "plot" if "distribution --document" in line else "fit"
            # In the right column; a code that names no command goes on with the one before.
            for code in re.findall(r"`([^`]+)`", line.rsplit(" | ", 1)[1]):
                verb = code.split()[1] if code.startswith("topograph ") else verb
                for flag in re.findall(r"(?<!\S)--?[a-z][a-z-]*", code):
                    self.assertRegex(help_of(verb), rf"(?m)(?<![\w-]){flag}(?![\w-])", line)
                    n_flags += 1
                for option in re.findall(r'--set "?([a-z_]+\.[a-z_]+)=', code):
                    self.assertIn(f"  {option} = ", help_of(verb), line)
        self.assertGreater(n_flags, 60)

    def test_make_commands_are_those_of_ci(self):
        wanted = {word for block in shell_blocks() for word in re.findall(r"^make (\w+)", block, re.M)}
        self.assertEqual(wanted, {"demo", "test"})
        ran = set(re.search(r"for lane in ([\w ]+);", (ROOT / ".ci/run").read_text()).group(1).split())
        self.assertLessEqual(wanted, ran)


if __name__ == "__main__":
    unittest.main(verbosity=2)
