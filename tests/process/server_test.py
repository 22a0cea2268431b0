"""The server as a process: starting, stopping, dying, and what survives it."""
import concurrent.futures
import http.client
import re
import signal
import socket
import subprocess
import time

import qn

# Cheap password hashes: these tests are about the process, not the cost.
CHEAP = ("--set", "password.ops=1", "--set", "password.memory=1MiB",
         "--set", "limits.per_address=false", "--set", "log.level=warn")
BOUND = 30  # seconds a condition may take to come true


def register(server, name):
    return server.post("/api/regChat", {"username": name, "password": "123456"})


def wait_for(condition):
    deadline = time.monotonic() + BOUND
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


class StartTest(qn.TestCase):
    def test_prints_where_to_go_and_a_setup_link_until_there_is_an_administrator(self):
        server = self.start_server(*CHEAP)
        text = "\n".join(server.output)
        self.assertTrue(wait_for(lambda: any("/admin/setup?token=" in l for l in server.output)), text)
        self.assertEqual(server.output[0], "ready " + server.url)
        server.stop()
        made = self.run_command("--set", "data_dir=%s" % self.data, "admin", "create", "--username",
                                "ops", "--password-stdin", "--super", stdin="a long password\n")
        self.assertEqual(made.returncode, 0, made.stderr)
        again = self.start_server(*CHEAP)
        again.stop()
        self.assertFalse(any("setup" in line for line in again.output), again.output)

    def test_a_second_start_keeps_accounts_and_tokens(self):
        server = self.start_server(*CHEAP)
        token = register(server, "stay_001").json()["data"]["token"]
        self.assertEqual(server.stop(), 0)
        server = self.start_server(*CHEAP)
        self.assertEqual(server.get("/api/chat/whoami", {"token": token}).status, 200)

    def test_log_shows_no_token_password_or_body(self):
        server = self.start_server("--set", "password.ops=1", "--set", "password.memory=1MiB")
        token = register(server, "secret_1").json()["data"]["token"]
        server.get("/api/chat/whoami?token=" + token)
        server.get("/api/chat/whoami?x=1&TOKEN=" + token)
        server.stop()
        log = server.log_text()
        self.assertIn("[redacted]", log)
        self.assertNotIn(token, log)
        self.assertNotIn("123456", log)


class StopTest(qn.TestCase):
    def test_sigterm_finishes_the_request_in_flight(self):
        server = self.start_server("--set", "limits.per_address=false", "--set", "log.level=warn",
                                   "--set", "password.ops=20", "--set", "password.memory=64MiB")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            answer = pool.submit(register, server, "inflight")
            self.assertTrue(wait_for(
                lambda: b"qn_http_in_flight 2" in server.get("/metrics").body), "no request in flight")
            self.assertEqual(server.stop(signal.SIGTERM), 0)
            self.assertEqual(answer.result().status, 200)

    def test_sigint_stops_as_well(self):
        self.assertEqual(self.start_server(*CHEAP).stop(signal.SIGINT), 0)

    def test_an_idle_connection_does_not_hold_up_the_stop(self):
        server = self.start_server(*CHEAP)
        with socket.create_connection(("127.0.0.1", server.port)):
            self.assertEqual(server.stop(), 0)


class KillTest(qn.TestCase):
    def test_every_answered_registration_survives_kill_9(self):
        server = self.start_server(*CHEAP)
        answered = []

        def keep_registering(worker):
            for i in range(100_000):
                name = "kill_%d_%d" % (worker, i)
                try:
                    answer = register(server, name)
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 200:
                    answered.append((name, answer.json()["data"]["token"]))

        with concurrent.futures.ThreadPoolExecutor() as pool:
            for worker in range(8):
                pool.submit(keep_registering, worker)
            self.assertTrue(wait_for(lambda: len(answered) > 200))
            server.kill()

        server = self.start_server(*CHEAP)
        for name, token in answered:
            self.assertEqual(server.get("/api/chat/whoami", {"token": token}).status, 200, name)
        self.assertEqual(register(server, answered[-1][0]).status, 400)


class ReadmeTest(qn.TestCase):
    """The curl lines of both READMEs, run as they stand."""

    def test_readme(self):
        server = self.start_server(*CHEAP)
        for page, heading in (("README.md", "## Try"), ("README.zh-CN.md", "## 试一试")):
            with self.subTest(page=page):
                text = (qn.ROOT / page).read_text()
                script = re.search(re.escape(heading) + r"\n\n```sh\n(.*?)```", text, re.S).group(1)
                script = script.replace("7001", str(server.port))
                done = subprocess.run(["bash", "-eu", "-c", script], capture_output=True, text=True,
                                      timeout=qn.COMMAND_TIME)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.count('"msg":"ok"'), 5, done.stdout)
                self.assertIn("你好", done.stdout)
                self.assertIn('"data":"修改昵称成功"', done.stdout)
                self.assertTrue(done.stdout.endswith('{"msg":"fail","data":"Token 令牌不合法！"}'))


if __name__ == "__main__":
    qn.main()
