"""The command line: help, version, usage errors, exit codes."""
import re
import sqlite3

import qn


class CliTest(qn.TestCase):
    def test_version_names_program_and_commit(self):
        result = self.run_command("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^qingniao \d+\.\d+\.\d+( \(git [0-9a-f]+\))?\n$")

    def test_help_names_every_command(self):
        result = self.run_command("--help")
        self.assertEqual(result.returncode, 0)
        for command in ("serve", "check-config", "migrate", "admin", "--config", "--set"):
            self.assertIn(command, result.stdout)

    def test_help_of_a_command_is_its_own(self):
        result = self.run_command("admin", "create", "--help")
        self.assertEqual(result.returncode, 0)
        self.assertIn("--password-stdin", result.stdout)

    def test_wrong_usage_is_refused_in_one_line(self):
        for arguments in (["frobnicate"], ["--frobnicate"], ["serve", "--frobnicate"], ["admin"],
                          ["admin", "create"], ["--set"], ["--markdown"], ["serve", "migrate"]):
            with self.subTest(arguments):
                self.assert_refused(self.run_command(*arguments))
        self.assertFalse(self.data.exists())

    def test_global_options_count_before_and_after_the_command(self):
        self.assert_refused(self.run_command("--set", "server.loops=x", "migrate"), "server.loops")
        self.assert_refused(self.run_command("migrate", "--set", "server.loops=x"), "server.loops")
        self.assert_refused(
            self.run_command("admin", "create", "--username", "a", "--password-stdin",
                             "--set", "server.loops=x", stdin="secret1\n"), "server.loops")
        self.assert_refused(self.run_command("--config", "none.toml", "serve"), "none.toml")

    def test_without_a_command_it_serves(self):
        self.assert_refused(self.run_command("--set", "data_dir=/proc/qingniao"),
                            "data_dir", "/proc/qingniao")


class MigrateTest(qn.TestCase):
    def migrate(self):
        return self.run_command("migrate", "--set", "data_dir=%s" % self.data)

    def test_the_second_run_changes_nothing(self):
        first = self.migrate()
        self.assertEqual(first.returncode, 0, first.stderr)
        version = int(re.fullmatch(r"schema version 0 -> (\d+)\n", first.stdout).group(1))
        self.assertGreaterEqual(version, 1)
        second = self.migrate()
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertEqual(second.stdout, "schema version %d -> %d\n" % (version, version))

    def test_a_file_that_is_no_database_is_refused_and_untouched(self):
        self.data.mkdir()
        file = self.data / "qingniao.db"
        file.write_bytes(b"these are not the tables you are looking for\n" * 100)
        before = file.read_bytes()
        self.assert_refused(self.migrate())
        self.assertEqual(file.read_bytes(), before)

    def test_a_newer_database_is_refused(self):
        self.assertEqual(self.migrate().returncode, 0)
        self.make_newer(self.data / "qingniao.db")
        self.assert_refused(self.migrate(), "newer")
        self.assert_refused(self.run_command("serve", "--set", "data_dir=%s" % self.data,
                                             "--set", "server.listen=127.0.0.1:0"), "newer")

    def make_newer(self, file):
        with sqlite3.connect(file) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            self.assertGreaterEqual(version, 1)
            database.execute("PRAGMA user_version = %d" % (version + 1))


class AdminCreateTest(qn.TestCase):
    def create(self, name, password, *options):
        return self.run_command("admin", "create", "--username", name, "--password-stdin", *options,
                                "--set", "data_dir=%s" % self.data,
                                "--set", "password.ops=1", "--set", "password.memory=1MiB",
                                stdin=password)

    def managers(self):
        with sqlite3.connect(self.data / "qingniao.db") as database:
            return database.execute("SELECT username, password, super FROM manager").fetchall()

    def test_the_password_comes_from_standard_input_and_is_stored_hashed(self):
        result = self.create("admin", "correct horse\nsecond line\n", "--super")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, "administrator admin created\n")
        [(name, stored, is_super)] = self.managers()
        self.assertEqual((name, is_super), ("admin", 1))
        self.assertTrue(stored.startswith("$argon2id$"), stored)

    def test_without_super_the_rights_are_ordinary(self):
        self.assertEqual(self.create("普通管理员", "六个字的密码").returncode, 0)
        [(name, _, is_super)] = self.managers()
        self.assertEqual((name, is_super), ("普通管理员", 0))

    def test_a_name_that_is_taken_is_refused(self):
        self.assertEqual(self.create("admin", "secret1").returncode, 0)
        self.assert_refused(self.create("Admin", "secret2"), "Admin")
        self.assertEqual(len(self.managers()), 1)

    def test_unfit_names_and_passwords_are_refused_before_anything_is_made(self):
        for name, password in (("admin", ""), ("admin", "x" * 65), ("", "secret1"), ("n" * 31, "secret1"),
                               (" admin", "secret1"), ("a\nb", "secret1")):
            with self.subTest(name=name, password=password):
                self.assert_refused(self.create(name, password + "\n"))
        self.assertFalse(self.data.exists())

    def test_a_short_password_is_made_with_a_warning(self):
        result = self.create("admin", "admin\n", "--super")
        self.assertEqual(result.returncode, 0)
        self.assertIn("easily guessed", result.stderr)
        self.assertEqual(len(self.managers()), 1)

    def test_without_password_stdin_it_is_refused(self):
        self.assert_refused(self.run_command("admin", "create", "--username", "admin"),
                            "--password-stdin")


if __name__ == "__main__":
    qn.main()
