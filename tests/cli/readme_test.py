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

    def test_make_commands_are_those_of_ci(self):
        wanted = {word for block in shell_blocks() for word in re.findall(r"^make (\w+)", block, re.M)}
        self.assertEqual(wanted, {"demo", "test"})
        ran = set(re.search(r"for lane in ([\w ]+);", (ROOT / ".ci/run").read_text()).group(1).split())
        self.assertLessEqual(wanted, ran)


if __name__ == "__main__":
    unittest.main(verbosity=2)
