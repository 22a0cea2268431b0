"""Settings: their sources, their mistakes, what check-config and the start do."""
import os
import socket

import qn

DOCUMENT = qn.ROOT / "docs" / "config.md"
PUBLISHED_SECRET = "qhdgw@45ncashdaksh2!#@3nxjdas*_259"


class ConfigTest(qn.TestCase):
    def check(self, *assignments, **options):
        arguments = [part for assignment in assignments for part in ("--set", assignment)]
        return self.run_command("check-config", *arguments, **options)

    def effective(self, result):
        self.assertEqual(result.returncode, 0, result.stderr)
        first, *rest = result.stdout.splitlines()
        self.assertEqual(first, "configuration ok")
        return {name.strip(): value.strip() for name, value in (line.split("=", 1) for line in rest)}

    def test_the_list_of_settings_has_type_default_variable_and_meaning(self):
        result = self.run_command("--help-config")
        self.assertEqual(result.returncode, 0)
        for part in ("server.listen", "0.0.0.0:7001", "QINGNIAO_SERVER_LISTEN", "duration",
                     "Event loops, each with a thread of its own"):
            self.assertIn(part, result.stdout)

    def test_the_document_is_what_the_program_says(self):
        text = self.run_command("--help-config", "--markdown").stdout
        if os.environ.get("UPDATE_GOLDEN") == "1":
            DOCUMENT.write_text(text, encoding="utf-8")
        self.assertEqual(DOCUMENT.read_text(encoding="utf-8"), text,
                         "docs/config.md is old: run this test with UPDATE_GOLDEN=1")

    def test_an_unknown_key_in_the_file_is_refused(self):
        (self.folder / "my.toml").write_text("[server]\nlissten = '127.0.0.1:0'\n")
        self.assert_refused(self.run_command("serve", "--config", "my.toml"),
                            "server.lissten", "my.toml:2", "server.listen?")

    def test_the_file_in_the_working_folder_is_read(self):
        (self.folder / "qingniao.toml").write_text("serve.listen = '127.0.0.1:0'\n")
        self.assert_refused(self.run_command(), "serve.listen", "qingniao.toml:1", "server.listen?")

    def test_an_unknown_variable_is_refused(self):
        self.assert_refused(self.run_command(env={"QINGNIAO_SERVER_LISTENS": "x"}),
                            "QINGNIAO_SERVER_LISTENS", "environment", "QINGNIAO_SERVER_LISTEN?")

    def test_an_unknown_assignment_is_refused(self):
        self.assert_refused(self.run_command("--set", "datadir=x"), "datadir", "--set", "data_dir?")

    def test_bad_values_are_refused_with_what_is_allowed(self):
        for assignment, allowed in (("server.listen=7001", "must be an address and a port"),
                                    ("server.loops=-1", "must be an integer from 0 to 256"),
                                    ("server.idle_timeout=75", "must be a duration"),
                                    ("limits.body=2TB", "must be a size"),
                                    ("limits.search_per_user=lots", "must be a rate"),
                                    ("log.level=loud", "must be one of debug|info|warn|error|off"),
                                    ("store.url=postgresql://u:pw1@h/d", "SQLite only"),
                                    ("auth.jwt_secret=" + PUBLISHED_SECRET, "published")):
            name, value = assignment.split("=", 1)
            with self.subTest(assignment):
                result = self.check(assignment)
                self.assert_refused(result, name, "--set", allowed)
                self.assertNotIn("pw1", result.stderr)
                self.assertNotIn(PUBLISHED_SECRET, result.stderr)
        self.assertFalse(self.data.exists())

    def test_later_sources_win(self):
        (self.folder / "qingniao.toml").write_text(
            "data_dir = 'file'\n[log]\nlevel = 'warn'\nformat = 'json'\n[server]\nloops = 1\n")
        values = self.effective(self.check("server.loops=3", env={"QINGNIAO_LOG_LEVEL": "error",
                                                                  "QINGNIAO_SERVER_LOOPS": "2"}))
        self.assertEqual((values["data_dir"], values["log.format"]), ("file", "json"))
        self.assertEqual((values["log.level"], values["server.loops"]), ("error", "3"))

    def test_check_config_creates_nothing_and_hides_secrets(self):
        secret = "0123456789abcdef0123456789abcdef"
        result = self.check("data_dir=a/b", "auth.jwt_secret=" + secret, "redis.host=cache",
                            "redis.password=hunter2")
        values = self.effective(result)
        self.assertEqual((values["auth.jwt_secret"], values["redis.password"]), ("***", "***"))
        self.assertEqual(values["cache.url"], "redis://:***@cache:6379")
        self.assertNotIn(secret, result.stdout)
        self.assertNotIn("hunter2", result.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_check_config_finds_what_the_start_would_find(self):
        (self.folder / "file").write_text("")
        self.assert_refused(self.check("data_dir=file/data"), "data_dir", "not a folder")
        self.assert_refused(self.check("server.tls_cert=file", "server.tls_key=none"),
                            "server.tls_key", "none")
        self.assert_refused(self.check("server.tls_cert=file"), "both or neither")


class FailedStartTest(qn.TestCase):
    def serve(self, *assignments):
        arguments = [part for assignment in assignments for part in ("--set", assignment)]
        return self.run_command("serve", *arguments)

    def test_an_occupied_port_leaves_nothing_behind(self):
        with socket.socket() as occupied:
            occupied.bind(("127.0.0.1", 0))
            occupied.listen()
            address = "127.0.0.1:%d" % occupied.getsockname()[1]
            self.assert_refused(self.serve("server.listen=" + address, "data_dir=data"), address)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_data_folder_that_cannot_be_made_is_named(self):
        (self.folder / "file").write_text("")
        for folder in (self.folder / "file" / "data", "/proc/qingniao"):
            self.assert_refused(self.serve("server.listen=127.0.0.1:0", "data_dir=%s" % folder),
                                "data_dir", str(folder))

    def test_a_wrong_certificate_leaves_nothing_behind(self):
        (self.folder / "cert.pem").write_text("no certificate\n")
        self.assert_refused(self.serve("server.listen=127.0.0.1:0", "data_dir=data",
                                       "server.tls_cert=cert.pem", "server.tls_key=cert.pem"))
        self.assertFalse(self.data.exists())

    def test_an_address_of_another_machine_leaves_nothing_behind(self):
        self.assert_refused(self.serve("server.listen=192.0.2.1:7001", "data_dir=data"), "192.0.2.1")
        self.assertFalse(self.data.exists())


if __name__ == "__main__":
    qn.main()
