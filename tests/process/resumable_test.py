"""Uploads in pieces and servers that die in the middle of them."""
import socket
import time

import qn

CHEAP = ("--set", "password.ops=1", "--set", "password.memory=1MiB",
         "--set", "limits.per_address=false", "--set", "log.level=warn",
         "--set", "media.min_free=0")
BOUND = 30  # seconds until some bytes must have arrived
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 8192


class ResumableTest(qn.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(*CHEAP)
        answer = self.server.post("/api/regChat", {"username": "alice001", "password": "123456"})
        self.token = {"token": answer.json()["data"]["token"]}

    def die(self):
        self.server.kill()
        self.server = self.start_server(*CHEAP)

    def ask(self, method, path, body=None):
        answer = self.server.request(method, "/api/chat/upload/" + path, body, self.token)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()["data"]

    def test_every_answered_byte_survives_kill_9(self):
        upload = self.ask("POST", "begin", {"name": "a.mp4", "size": len(FILM), "folder": "v"})
        path = upload["upload_id"]
        self.die()
        half = len(FILM) // 2
        self.assertEqual(self.ask("POST", path + "?offset=0", FILM[:half]), {"offset": half})
        self.die()
        self.assertEqual(self.ask("GET", path), {"offset": half})
        self.assertEqual(self.ask("POST", path + "?offset=%d" % half, FILM[half:]),
                         {"offset": len(FILM)})
        self.die()
        url = self.ask("POST", path + "/finish", {})["url"]
        self.die()
        self.assertEqual(self.ask("POST", path + "/finish", {})["url"], url)
        self.assertEqual(self.server.get(url).body, FILM)

    def test_half_a_piece_is_a_beginning(self):
        upload = self.ask("POST", "begin", {"name": "a.mp4", "size": len(FILM), "folder": "v"})
        path = upload["upload_id"]
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as client:
            head = "POST /api/chat/upload/%s?offset=0 HTTP/1.1\r\nHost: t\r\ntoken: %s\r\n" \
                   "Content-Length: %d\r\n\r\n" % (path, self.token["token"], len(FILM))
            client.sendall(head.encode() + FILM[:len(FILM) // 2])
            deadline = time.monotonic() + BOUND
            while self.ask("GET", path)["offset"] == 0 and time.monotonic() < deadline:
                pass
            self.die()
        offset = self.ask("GET", path)["offset"]
        self.assertGreater(offset, 0)
        self.assertLessEqual(offset, len(FILM) // 2)
        self.ask("POST", path + "?offset=%d" % offset, FILM[offset:])
        url = self.ask("POST", path + "/finish", {})["url"]
        self.assertEqual(self.server.get(url).body, FILM)


if __name__ == "__main__":
    qn.main()
