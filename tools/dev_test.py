"""./dev counts what really ran, and says what is missing."""
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
GTEST_OK = "[       OK ] Sum.OfTwo (0 ms)"
GTEST_FAILED = "[  FAILED  ] Sum.OfThree, where GetParam() = 3 (1 ms)"
GTEST_SKIPPED = "[  SKIPPED ] Sum.OfFour (0 ms)"


class DevTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, text):
        file = self.folder / name
        file.write_text("#!/bin/bash\n" + text)
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    def bash(self, text, path=None):
        """Runs bash code after the functions of ./dev were defined."""
        return subprocess.run(["/bin/bash", "-c", "source '%s/dev'; LOGS='%s'; %s" % (ROOT, self.folder, text)],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": path or os.environ["PATH"]})

    def counts(self, suite):
        """What a suite is booked as: (passed, failed)."""
        result = self.bash(suite + '; echo "booked $PASSED $FAILED"')
        self.assertEqual(result.returncode, 0, result.stderr)
        return tuple(map(int, result.stdout.splitlines()[-1].removeprefix("booked ").split()))

    def gtest_counts(self, output, status=0):
        lines = "".join("echo '%s'\n" % line for line in output)
        return self.counts("gtest suite %s" % self.program("suite", lines + "exit %d\n" % status))

    def unittest_counts(self, body):
        (self.folder / "cases_test.py").write_text("import unittest\n" + body)
        return self.counts("unittest suite %s" % self.folder)

    def test_help_names_the_commands(self):
        result = subprocess.run([ROOT / "dev"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0)
        for command in ("run", "build", "test [--full]", "fmt", "lint", "bench", "fuzz", "clean"):
            self.assertIn("\n  " + command, result.stdout)

    def test_an_unknown_command_is_refused(self):
        result = subprocess.run([ROOT / "dev", "tset"], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 2)
        self.assertIn("no command tset", result.stderr)

    def test_cases_are_counted(self):
        self.assertEqual(self.gtest_counts([GTEST_OK, GTEST_OK]), (2, 0))
        self.assertEqual(self.gtest_counts([GTEST_OK, GTEST_FAILED, "[  FAILED  ] Sum.OfThree"], 1), (1, 1))

    def test_a_skipped_case_counts_as_failed(self):
        self.assertEqual(self.gtest_counts([GTEST_OK, GTEST_SKIPPED, "[  SKIPPED ] Sum.OfFour"]), (1, 1))

    def test_a_suite_that_crashes_counts_as_failed(self):
        self.assertEqual(self.gtest_counts([GTEST_OK], 139), (1, 1))
        self.assertEqual(self.counts("gtest suite /none"), (0, 1))

    def test_a_suite_that_runs_nothing_counts_as_failed(self):
        self.assertEqual(self.gtest_counts([]), (0, 1))
        self.assertEqual(self.counts("unittest suite %s" % self.folder), (0, 1))

    def test_python_cases_are_counted(self):
        case = "class A(unittest.TestCase):\n"
        good = "  def test_a(self): pass\n"
        self.assertEqual(self.unittest_counts(case + good), (1, 0))
        self.assertEqual(self.unittest_counts(case + good + "  def test_b(self): self.fail()\n"
                                              "  def test_c(self): raise KeyError\n"
                                              "  def test_d(self): self.skipTest('x')\n"), (1, 3))

    def test_a_python_file_that_does_not_load_counts_as_failed(self):
        self.assertEqual(self.unittest_counts("import there_is_no_such_module\n")[1], 1)

    def nodetest_counts(self, lines, status=0):
        output = "".join("echo '%s'\n" % line for line in lines)
        self.program("node", output + "exit %d\n" % status)
        return self.counts("PATH='%s':$PATH; nodetest suite x.test.mjs" % self.folder)

    def test_browser_cases_are_counted(self):
        self.assertEqual(self.nodetest_counts(["ok 1 - a", "# pass 2", "# fail 0", "# skipped 0"]), (2, 0))
        self.assertEqual(self.nodetest_counts(["# pass 2", "# fail 1", "# cancelled 2", "# skipped 1"], 1), (2, 4))
        self.assertEqual(self.nodetest_counts(["Segmentation fault"], 139), (0, 1))
        self.assertEqual(self.nodetest_counts([]), (0, 1))

    def npm_calls(self, purpose, prepare):
        """How npm is called in a copy of web/ that `prepare` has changed."""
        self.program("npm", "echo \"called $*\"\n")
        result = self.bash("cd '%s'; mkdir -p web/node_modules; touch -d 1970-01-02 web/package-lock.json; "
                           "%s; PATH='%s':$PATH; npm_packages %s" % (self.folder, prepare, self.folder, purpose))
        self.assertEqual(result.returncode, 0, result.stderr)
        return [line for line in result.stdout.splitlines() if line.startswith("called")]

    def test_npm_packages_are_installed_when_missing_or_old(self):
        done = "touch web/node_modules/.package-lock.json"
        self.assertEqual(self.npm_calls("build", "true"), ["called --prefix web ci --omit=dev"])
        self.assertEqual(self.npm_calls("build", done), [])
        self.assertEqual(self.npm_calls("build", done + "; touch -d tomorrow web/package-lock.json"),
                         ["called --prefix web ci --omit=dev"])
        self.assertEqual(self.npm_calls("test", done), ["called --prefix web ci"])
        self.assertEqual(self.npm_calls("test", done + "; mkdir -p web/node_modules/playwright-core"), [])

    def test_a_check_counts_once(self):
        self.assertEqual(self.counts("check good true; check bad false"), (1, 1))

    def test_every_fuzz_target_counts(self):
        (self.folder / "fuzz_a.log").write_text("stack trace\n")
        run = """fuzz_targets() { printf 'fuzz_a\\nfuzz_b\\nfuzz_c\\n'; }
                 sanitized() { [ "$3" != fuzz_a ]; }
                 fuzz_stage 1"""
        self.assertEqual(self.counts(run), (2, 1))

    def test_missing_packages_are_named_when_nobody_may_install_them(self):
        self.program("dpkg-query", "for name in \"$@\"; do\n"
                     "  [ \"$name\" = ninja-build ] || echo \"installed $name\"\ndone\n")
        self.program("id", "echo 1000\n")
        for tool in ("awk", "comm", "dirname", "nproc", "readlink", "sed", "sort", "tail", "tr"):
            (self.folder / tool).symlink_to(shutil.which(tool))
        result = self.bash("need build", path=str(self.folder))
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("apt-get install -y --no-install-recommends", result.stderr)
        self.assertIn("ninja-build", result.stderr)
        self.assertNotIn("cmake", result.stderr)


if __name__ == "__main__":
    unittest.main()
