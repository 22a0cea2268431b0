"""The WebSocket client itself, against a server of a few lines that may misbehave."""
import contextlib
import socket
import struct
import threading
import unittest

import ws_client
from ws_client import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT

BOUND = 10  # seconds


class Peer:
    """One accepted connection: shakes hands, then sends what the test says."""

    def __init__(self, answer=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.answer = answer
        self.frames = []  # of the client: (opcode, payload, was masked)
        self.socket = None
        self.accepted = threading.Event()
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self):
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(BOUND)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.socket.recv(65536)
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
        answer = self.answer or (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: %s\r\n\r\n" % ws_client.accept_of(fields["Sec-WebSocket-Key"]))
        self.socket.sendall(answer.encode())
        self.accepted.set()

    def send(self, *frames):
        self.accepted.wait(BOUND)
        self.socket.sendall(b"".join(frames))

    def read_exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise ConnectionResetError
            data += piece
        return data

    def read_frame(self):
        first, second = self.read_exactly(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", self.read_exactly(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self.read_exactly(8))[0]
        key = self.read_exactly(4) if second & 0x80 else b"\0\0\0\0"
        data = self.read_exactly(length)
        return first & 0x0F, bytes(b ^ key[i % 4] for i, b in enumerate(data)), bool(second & 0x80)

    def close(self):
        for one in (self.socket, self.listener):
            if one:
                one.close()


def frame(opcode, payload=b"", is_final=True):
    return ws_client.encode(opcode, payload, is_final, mask=False)


class WsClientTest(unittest.TestCase):
    def setUp(self):
        self.peer = Peer()
        self.addCleanup(self.peer.close)
        self.texts = []

    def connect(self, **options):
        client = ws_client.WsClient(self.peer.port, "/ws", on_text=self.texts.append, **options)
        self.addCleanup(client.abandon)
        return client

    def assert_violation(self, part, *data):
        client = self.connect()
        self.peer.send(*data)
        self.assertTrue(client.wait_ended(BOUND))
        self.assertIn(part, str(client.violation))
        self.assertEqual(client.ending.code, ws_client.ABNORMAL)

    def finish(self, client):
        self.peer.send(frame(CLOSE, struct.pack("!H", 1000)))
        with contextlib.suppress(OSError):
            while self.peer.read_frame()[0] != CLOSE:
                pass
        self.peer.socket.close()
        self.assertTrue(client.wait_ended(BOUND))
        self.assertIsNone(client.violation)

    def test_texts_of_every_length_arrive_in_order(self):
        client = self.connect()
        sizes = [0, 1, 125, 126, 65535, 65536, 200_000]
        self.peer.send(*(frame(TEXT, b"x" * size) for size in sizes))
        self.finish(client)
        self.assertEqual([len(text) for text in self.texts], sizes)

    def test_fragments_become_one_message_and_control_frames_may_stand_between(self):
        client = self.connect()
        self.peer.send(frame(TEXT, "青".encode()[:2], False), frame(PING, b"p"),
                       frame(CONTINUATION, "青".encode()[2:], False), frame(CONTINUATION))
        self.finish(client)
        self.assertEqual(self.texts, ["青"])
        self.assertEqual(client.pings, [b"p"])

    def test_what_it_sends_is_masked_and_a_ping_gets_its_pong(self):
        client = self.connect()
        client.send_text("hello")
        self.assertEqual(self.peer.read_frame(), (TEXT, b"hello", True))
        self.peer.send(frame(PING, b"42"))
        self.assertEqual(self.peer.read_frame(), (PONG, b"42", True))
        client.send_frame(BINARY, b"\0" * 70_000)
        self.assertEqual(self.peer.read_frame(), (BINARY, b"\0" * 70_000, True))

    def test_pongs_can_be_withheld(self):
        client = self.connect(answers_pings=False)
        self.peer.send(frame(PING, b"1"), frame(TEXT, b"x"))
        self.finish(client)
        self.assertEqual(client.pings, [b"1"])

    def test_endings(self):
        for payload, code in ((b"", 1005), (struct.pack("!H", 4001) + b"bye", 4001)):
            with self.subTest(code=code):
                self.peer = Peer()
                self.addCleanup(self.peer.close)
                client = self.connect()
                self.peer.send(frame(CLOSE, payload))
                self.assertEqual(self.peer.read_frame(), (CLOSE, payload[:2], True))
                self.peer.socket.close()
                self.assertTrue(client.wait_ended(BOUND))
                self.assertEqual(client.ending, ws_client.Ending(code, payload[2:].decode()))

    def test_an_end_without_a_close_frame_is_1006(self):
        client = self.connect()
        self.peer.accepted.wait(BOUND)
        self.peer.socket.close()
        self.assertTrue(client.wait_ended(BOUND))
        self.assertEqual(client.ending, ws_client.Ending(1006))
        self.assertFalse(client.send_text("too late"))

    def test_it_hears_nothing_once_it_has_closed(self):
        client = self.connect()
        client.close(1000)
        self.assertEqual(self.peer.read_frame(), (CLOSE, b"\x03\xe8", True))
        self.peer.send(frame(TEXT, b"unheard"), frame(CLOSE, b"\x03\xe8"))
        self.peer.socket.close()
        self.assertTrue(client.wait_ended(BOUND))
        self.assertEqual((self.texts, client.ending.code), ([], 1000))

    def test_a_reset_is_a_reset_and_going_away_is_none(self):
        for depart, error in (("reset", ConnectionResetError), ("abandon", None)):
            with self.subTest(depart=depart):
                self.peer = Peer()
                self.addCleanup(self.peer.close)
                client = self.connect()
                self.peer.accepted.wait(BOUND)
                getattr(client, depart)()
                if error:
                    self.assertRaises(error, self.peer.socket.recv, 1)
                else:
                    self.assertEqual(self.peer.socket.recv(1), b"")
                self.assertTrue(client.ending.is_ours)

    def test_half_closed_it_still_reads(self):
        client = self.connect()
        self.peer.accepted.wait(BOUND)
        client.half_close()
        self.assertEqual(self.peer.socket.recv(1), b"")
        self.peer.send(frame(TEXT, b"still there?"))
        self.peer.socket.close()
        self.assertTrue(client.wait_ended(BOUND))
        self.assertEqual(self.texts, ["still there?"])

    def test_it_reads_nothing_while_it_has_stopped(self):
        client = self.connect(receive_buffer=4096)
        self.peer.accepted.wait(BOUND)
        client.stop_reading()
        self.peer.socket.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            for _ in range(10_000):
                self.peer.socket.sendall(frame(TEXT, b"x" * 10_000))
        self.assertEqual(self.texts, [])
        client.read_on()
        self.peer.socket.close()
        self.assertTrue(client.wait_ended(BOUND))
        self.assertGreater(len(self.texts), 0)

    def test_violations(self):
        for part, data in (
                ("masked", ws_client.encode(TEXT, b"x")),
                ("reserved bits", b"\xc1\x00"),
                ("opcode 3", b"\x83\x00"),
                ("control frame", frame(PING, b"x", is_final=False)),
                ("control frame", b"\x89\x7e\x00\x7e" + b"x" * 126),
                ("in two bytes", b"\x81\x7e\x00\x05hello"),
                ("in eight bytes", b"\x81\x7f" + struct.pack("!Q", 5) + b"hello"),
                ("not UTF-8", frame(TEXT, b"\xff")),
                ("binary", frame(BINARY, b"x")),
                ("continuation of nothing", frame(CONTINUATION, b"x")),
                ("inside a fragmented one", frame(TEXT, b"x", False) + frame(TEXT, b"y")),
                ("one byte", frame(CLOSE, b"\x03")),
                ("close code 1005", frame(CLOSE, struct.pack("!H", 1005))),
                ("close code 999", frame(CLOSE, struct.pack("!H", 999))),
                ("close reason", frame(CLOSE, struct.pack("!H", 1000) + b"\xff"))):
            with self.subTest(part=part):
                self.peer = Peer()
                self.addCleanup(self.peer.close)
                self.assert_violation(part, data)

    def test_a_frame_behind_the_close_frame_is_a_violation(self):
        client = self.connect()
        self.peer.send(frame(CLOSE) + frame(TEXT, b"one more thing"))
        self.assertTrue(client.wait_ended(BOUND))
        self.assertIn("behind the close frame", str(client.violation))


class HandshakeTest(unittest.TestCase):
    def refuse(self, answer):
        peer = Peer(answer)
        self.addCleanup(peer.close)
        return ws_client.WsClient(peer.port, "/ws")

    def test_a_refusal_has_status_headers_and_body(self):
        with self.assertRaises(ws_client.Refused) as caught:
            self.refuse("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\n"
                        "Content-Length: 4\r\n\r\nbusy")
        refused = caught.exception
        self.assertEqual((refused.status, refused.headers["retry-after"], refused.body),
                         (503, "3", b"busy"))

    def test_a_wrong_accept_is_a_violation(self):
        with self.assertRaises(ws_client.Violation):
            self.refuse("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n")

    def test_a_key_and_its_answer_from_the_rfc(self):
        self.assertEqual(ws_client.accept_of("dGhlIHNhbXBsZSBub25jZQ=="),
                         "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")


if __name__ == "__main__":
    unittest.main()
