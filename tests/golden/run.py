"""Starts a server on empty data and replays the recordings against it."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = pathlib.Path(os.environ.get("QINGNIAO_GOLDEN", ROOT.parent / "shared" / "golden"))
BINARY = os.environ.get("QINGNIAO_BIN", str(ROOT / "build" / "release" / "qingniao"))
REPLAY_SECONDS = 600


def left_out():
    """One expression for the cases that are not replayed."""
    lines = [line.strip() for line in (HERE / "left_out.txt").read_text().splitlines()]
    return "^(?:%s)" % "|".join(line for line in lines if line and not line.startswith("#"))


ADMIN = "admin", "admin-password"


def environment():
    """Settings of whoever runs the tests do not count."""
    return {name: value for name, value in os.environ.items() if not name.startswith("QINGNIAO_")}


def create_admin(folder):
    subprocess.run([BINARY, "admin", "create", "--username", ADMIN[0], "--password-stdin", "--super",
                    "--set", "data_dir=" + folder + "/data"],
                   input=ADMIN[1] + "\n", text=True, check=True, stdout=subprocess.DEVNULL,
                   env=environment())


def start_server(folder):
    server = subprocess.Popen(
        [BINARY, "serve", "--set", "server.listen=127.0.0.1:0", "--set", "data_dir=" + folder + "/data",
         "--set", "limits.per_address=false", "--set", "log.level=warn"],
        stdout=subprocess.PIPE, text=True, env=environment())
    ready = server.stdout.readline()
    match = re.match(r"ready (\S+)", ready)
    if not match:
        server.kill()
        sys.exit("the server did not start: " + ready)
    return server, match.group(1)


def main():
    if not (GOLDEN / "replay.py").exists():
        print("golden recordings not found in %s (set QINGNIAO_GOLDEN)" % GOLDEN)
        return 0
    with tempfile.TemporaryDirectory(prefix="qn-golden-") as folder:
        create_admin(folder)
        server, url = start_server(folder)
        try:
            hook = "%s %s %s/data/qingniao.db" % (sys.executable, HERE / "hook.py", folder)
            return subprocess.run(
                [sys.executable, GOLDEN / "replay.py", "--base", url, "--sql-hook", hook, "--admin", ":".join(ADMIN),
                 "--ws", "--slow", "--skip", left_out(), *sys.argv[1:]], timeout=REPLAY_SECONDS).returncode
        finally:
            server.terminate()
            server.wait(timeout=30)


sys.exit(main())
