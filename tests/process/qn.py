"""What the process tests share: running the real binary, a server of one's own.

The binary is build/release/qingniao, or what QINGNIAO_BIN names. Settings of the
person who runs the tests (QINGNIAO_*) never reach it.
"""
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("QINGNIAO_BIN") or str(ROOT / "build" / "release" / "qingniao")
# Seconds; generous, because a machine under test is busy.
START_TIME = 30
STOP_TIME = 30
COMMAND_TIME = 60


def environment(**extra):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QINGNIAO_")}
    return {**clean, **extra}


def run(*arguments, stdin="", env=None, cwd=None):
    """Runs one command to its end; the result has returncode, stdout and stderr."""
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True,
                          text=True, timeout=COMMAND_TIME, env=environment(**(env or {})), cwd=cwd)


class TestCase(unittest.TestCase):
    """A test with a temporary folder, which is also where commands run."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="qn-process-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.data = self.folder / "data"

    def run_command(self, *arguments, **options):
        return run(*arguments, cwd=self.folder, **options)

    def start_server(self, *arguments, **options):
        """A running server on this test's data; stopped when the test ends."""
        server = Server(self.data, *arguments, **options)
        self.addCleanup(server.kill)
        return server

    def assert_refused(self, result, *parts):
        """Exit status 2 and exactly one line on standard error that has the parts."""
        self.assertEqual(result.returncode, 2, result)
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("qingniao: "), lines[0])
        for part in parts:
            self.assertIn(part, lines[0])


class Answer:
    """An HTTP answer: status, headers (case-insensitive get) and body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Server:
    """A server process on a free port of 127.0.0.1.

    Ready when the constructor returns; raises RuntimeError when it does not start.
    The lines of standard output are in `output`, standard error in the file `log`;
    `process` are further options of subprocess.Popen.
    """

    def __init__(self, data, *arguments, env=None, port=0, **process):
        self.data = pathlib.Path(data)
        self.log = self.data.parent / (self.data.name + ".log")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--set", "server.listen=127.0.0.1:%d" % port,
                 "--set", "data_dir=%s" % data, *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                env=environment(**(env or {})), **process)
        self.output = []
        ready = threading.Event()
        self.reader = threading.Thread(target=self._read_output, args=(ready,), daemon=True)
        self.reader.start()
        ready.wait(START_TIME)
        match = re.match(r"ready (https?)://[^:]+:(\d+)", self.output[0] if self.output else "")
        if not match:
            self.kill()
            raise RuntimeError("the server did not start: " + self.log_text())
        self.scheme = match.group(1)
        self.port = int(match.group(2))

    @property
    def url(self):
        return "%s://127.0.0.1:%d" % (self.scheme, self.port)

    @property
    def pid(self):
        return self.process.pid

    def log_text(self):
        return self.log.read_text(errors="replace")

    def request(self, method, path, body=None, headers=None, timeout=30):
        """One request on a connection of its own; a dict or list goes as JSON."""
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def post(self, path, body, headers=None):
        return self.request("POST", path, body, headers)

    def stop(self, sig=signal.SIGTERM):
        """Asks the server to stop; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(sig)
        return self._wait()

    def kill(self):
        """Ends it at once, if it still runs; its exit status."""
        if self.process.poll() is None:
            self.process.kill()
        return self._wait()

    def _wait(self):
        status = self.process.wait(STOP_TIME)
        self.reader.join(STOP_TIME)
        self.process.stdout.close()
        return status

    def _read_output(self, ready):
        for line in self.process.stdout:
            self.output.append(line.rstrip("\n"))
            ready.set()
        ready.set()


def main():
    unittest.main()
