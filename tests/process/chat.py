"""Users of the chat as they act over HTTP, and a server that can die and come back."""
import hashlib
import http.client
import json
import pathlib
import signal
import socket
import tempfile
import time
import urllib.parse
import uuid

import qn

PASSWORD = "123456"
VISITOR_SALT = "45ncashdaksh2!#@3nxjdas*_259"
# Cheap password hashes, and everybody comes from one address.
SETTINGS = ("--set", "password.ops=1", "--set", "password.memory=1MiB",
            "--set", "limits.per_address=false", "--set", "limits.send=1000000/1m",
            "--set", "log.level=warn")
ANYBODY = {"sendCount": 2, "needFollow": False}


class Refusal(Exception):
    """The server said no: status and text."""

    def __init__(self, status, text):
        super().__init__("%d %s" % (status, text))
        self.status = status
        self.text = text


class Unanswered(Exception):
    """The connection broke before there was an answer: it may have happened or not."""


class LongLivedServer:
    """A server that keeps its data and its port over several lives."""

    def __init__(self, *settings, env=None, **process):
        self.folder = tempfile.TemporaryDirectory(prefix="qn-chat-")
        self.data = pathlib.Path(self.folder.name) / "data"
        self.settings = settings or SETTINGS
        self.env, self.process = env, process
        self.life = None
        self.port = 0
        self.start()

    def start(self):
        self.life = qn.Server(self.data, *self.settings, env=self.env, port=self.port,
                              **self.process)
        self.port = self.life.port

    def kill(self):
        """SIGKILL."""
        self.life.kill()

    def stop(self):
        """SIGTERM, to the end; its exit status."""
        return self.life.stop(signal.SIGTERM)

    def is_running(self):
        return self.life.process.poll() is None

    def log(self):
        return self.life.log_text()

    @property
    def database(self):
        return self.data / "qingniao.db"

    def close(self):
        self.life.kill()
        self.folder.cleanup()


class Http:
    """One caller's requests. keep: over one connection, as long as it lasts."""

    def __init__(self, port, keep=False):
        self.port = port
        self.keep = keep
        self.connection = None

    def request(self, method, path, body=None, headers=None, timeout=30):
        """(status, headers, body); Unanswered when the connection breaks."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                             timeout=timeout)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, path, body, headers or {})
            response = self.connection.getresponse()
            answer = response.status, response.headers, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(repr(error)) from error
        if not self.keep:
            self.close()
        return answer

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Account:
    """Somebody with a token. `data` is what the login said."""

    def __init__(self, port, data, keep=False):
        self.port = port
        self.http = Http(port, keep)
        self.data = data
        self.id = data["id"]
        self.name = data["username"]
        self.uuid = data["uuid"]
        self.role = data["role"]
        self.token = data["token"]

    def on_another_connection(self):
        """The same session for another thread."""
        return Account(self.port, self.data, self.http.keep)

    def ask(self, method, path, body=None, timeout=30):
        """`data` of the answer; Refusal when it is not 2xx."""
        headers = {"token": self.token}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        status, _, content = self.http.request(method, path, body, headers, timeout)
        return unwrapped(status, content)

    def post(self, path, body=None, timeout=30):
        return self.ask("POST", "/api/chat/" + path, body or {}, timeout)

    def get(self, path):
        return self.ask("GET", "/api/chat/" + path)

    def send(self, to_id, text, chat_type="single", timeout=30, kind="text", options=None,
             client_msg_id=None):
        """The message object."""
        body = {"sendto_id": to_id, "chatType": chat_type, "type": kind,
                "data": {"data": text, "dataType": False, "otherData": None},
                "options": urllib.parse.quote(json.dumps(options or {}))}
        if client_msg_id:
            body["client_msg_id"] = client_msg_id
        return self.post("socket/sendmessage", body, timeout)

    def recall(self, message, timeout=30):
        return self.post("revokeMessage", message, timeout)

    def fetch_missed(self, timeout=30):
        return self.post("chatGetmessageOffLine", {}, timeout)

    def let_write(self, user, visitor=None):
        """Who may write how much: `sendCount` 0 friends, 1 one message, 2 all."""
        chatset = {"user": dict(ANYBODY, sendCount=user),
                   "visitor": dict(ANYBODY, sendCount=user if visitor is None else visitor)}
        self.post("userset", {"userset": json.dumps({"chatset": chatset})})

    def befriend(self, other):
        self.post("autoAddFriendAndAgree", {"friend_id": other.id, "nickname": ""})

    def friend_row(self, other):
        """The id of the row of this friend, which group/create wants."""
        rows = self.get("goodfriendlist/1")["rows"]
        people = [one for group in rows["newList"] for one in group["list"]] if rows else []
        return next(one["id"] for one in people if one["friend_id"] == other.id)


def unwrapped(status, content):
    try:
        answer = json.loads(content)
    except ValueError:
        raise Refusal(status, content.decode(errors="replace")) from None
    if not 200 <= status < 300:
        raise Refusal(status, answer.get("data"))
    return answer.get("data")  # some routes about questions and answers have none


def call(port, path, body, headers=None):
    """One request of somebody without a token."""
    headers = dict(headers or {}, **{"Content-Type": "application/json"})
    status, _, content = Http(port).request("POST", path, json.dumps(body).encode(), headers)
    return unwrapped(status, content)


def register(port, name, keep=False):
    return Account(port, call(port, "/api/regChat", {"username": name, "password": PASSWORD}), keep)


def login(port, name, keep=False):
    return Account(port, call(port, "/api/loginChat", {"username": name, "password": PASSWORD}),
                   keep)


def visit(port, device=None, keep=False):
    """A visitor; a device of its own unless told."""
    device = device or str(uuid.uuid4())
    now = int(time.time() * 1000)
    text = "deviceId=%s&salt=%s&timestamp=%dAPP_SECRET" % (device, VISITOR_SALT, now)
    data = call(port, "/api/visitorRegister", {"deviceId": device, "timestamp": now},
                {"X-Security-Sign": hashlib.sha256(text.encode()).hexdigest()})
    account = Account(port, data, keep)
    account.device = device
    return account


def inner_text(message):
    """What a message says, whichever of the two forms its data has."""
    data = message["data"]
    return (json.loads(data) if isinstance(data, str) else data)["data"]


class Operator:
    """Somebody at the console."""

    def __init__(self, server):
        self.port = server.port
        made = qn.run("admin", "create", "--username", "operator", "--password-stdin", "--super",
                      "--set", "data_dir=%s" % server.data, stdin="a long password\n")
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        status, headers, body = self._request("POST", "/admin/loginevent", {
            "username": "operator", "password": "a long password"}, {})
        if status != 200:
            raise RuntimeError("console login: %d %r" % (status, body))
        cookies = [line.split(";")[0] for line in headers.get_all("Set-Cookie")]
        self.cookie = {"Cookie": "; ".join(cookies)}
        _, _, page = Http(self.port).request("GET", "/admin/profile", None,
                                             dict(self.cookie, Accept="text/html"))
        self.csrf = page.decode().split('name="csrf-token" content="')[1].split('"')[0]

    def post(self, path, body):
        status, _, content = self._request("POST", path, body,
                                           dict(self.cookie, **{"X-CSRF-Token": self.csrf}))
        return unwrapped(status, content)

    def _request(self, method, path, body, headers):
        headers = {"Content-Type": "application/json", "Accept": "application/json",
                   "X-Requested-With": "XMLHttpRequest", "Sec-Fetch-Site": "same-origin", **headers}
        return Http(self.port).request(method, path, json.dumps(body).encode(), headers)

    def set_user_status(self, user, status):
        return self.post("/admin/commonUpdateById", {
            "id": user.id, "keyname": "status", "keyvalue": status, "keytable": "user",
            "model": "User"})

    def reset_password(self, user):
        """Answered with a page that shows it."""
        status, _, page = self._request("POST", "/admin/chatuser/resetpassword/%d" % user.id, {},
                                        dict(self.cookie, **{"X-CSRF-Token": self.csrf}))
        if status != 200:
            raise Refusal(status, page.decode())
