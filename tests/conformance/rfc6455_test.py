"""RFC 6455 and RFC 7692 conformance of the WebSocket transport.

The server is build/release/tests/qn_ws_echo, or what QINGNIAO_WS_ECHO names. Two
independent implementations judge it: wsproto reads every byte it sends, and the
client of websockets talks to it as applications do. The cases follow the order of
the RFC and of the Autobahn test suite: framing, pings, reserved bits, opcodes,
fragmentation, UTF-8, closing, limits, compression.
"""
import asyncio
import contextlib
import os
import pathlib
import socket
import struct
import subprocess
import unittest
import zlib

import websockets
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol, Opcode

ROOT = pathlib.Path(__file__).resolve().parents[2]
ECHO = os.environ.get("QINGNIAO_WS_ECHO") or str(ROOT / "build/release/tests/qn_ws_echo")
PATIENCE = 30  # seconds; generous, because a machine under test is busy
MAX_MESSAGE = 16 * 1024 * 1024  # of qn_ws_echo
MASK = b"\x37\xfa\x21\x3d"
HANDSHAKE = (b"GET /echo HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length_form=None):
    """One frame; length_form 126 or 127 forces a longer form than needed."""
    size = len(payload)
    form = length_form or (size if size < 126 else 126 if size <= 0xFFFF else 127)
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode, (0x80 if masked else 0) | form])
    if form == 126:
        head += struct.pack(">H", size)
    elif form == 127:
        head += struct.pack(">Q", size)
    if not masked:
        return head + payload
    mask = MASK * (size // 4 + 1)
    body = int.from_bytes(payload, "big") ^ int.from_bytes(mask[:size], "big")
    return head + MASK + body.to_bytes(size, "big")


def text(payload, **options):
    return frame(1, payload if isinstance(payload, bytes) else payload.encode(), **options)


def close(code=None, reason=b""):
    return frame(8, b"" if code is None else struct.pack(">H", code) + reason)


def deflate(payload, wbits=15):
    packer = zlib.compressobj(9, zlib.DEFLATED, -wbits)
    return (packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


class Peer:
    """A raw connection whose incoming bytes go through wsproto's client."""

    def __init__(self, port, offer=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        fields = "Sec-WebSocket-Extensions: %s\r\n" % offer if offer else ""
        self.socket.sendall(HANDSHAKE + fields.encode() + b"\r\n")
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)
        self.agreed = [line.split(": ", 1)[1] for line in head.decode().split("\r\n")
                       if line.startswith("Sec-WebSocket-Extensions")]
        extensions = [PerMessageDeflate() for _ in self.agreed]
        for extension, agreed in zip(extensions, self.agreed):
            extension.finalize(agreed)
        self.frames = FrameProtocol(client=True, extensions=extensions)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data, step=None):
        """As far as the server wants it: after a close frame it may be gone."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for at in range(0, len(data), step or len(data)):
                self.socket.sendall(data[at:at + (step or len(data))])

    def receive(self):
        with contextlib.suppress(ConnectionResetError):
            return self.socket.recv(65536)
        return b""

    def read_to_end(self):
        """[(opcode, payload)…] up to the end of the connection; messages are whole."""
        events, parts = [], []
        while data := self.receive():
            self.frames.receive_bytes(data)
            for got in self.frames.received_frames():
                if got.opcode == Opcode.CLOSE:
                    events.append((8, got.payload))
                    with contextlib.suppress(OSError):  # it may be gone already
                        self.socket.shutdown(socket.SHUT_WR)
                elif got.opcode.iscontrol():
                    events.append((int(got.opcode), bytes(got.payload)))
                else:
                    parts.append(got.payload if got.opcode == Opcode.TEXT else bytes(got.payload))
                    if got.message_finished:
                        events.append((int(got.opcode), parts[0][:0].join(parts)))
                        parts = []
        return events


class ConformanceTest(unittest.TestCase):
    mode = ""

    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([ECHO, cls.mode], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.port = int(cls.server.stdout.readline())

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.server.stdout.close()
        status = cls.server.wait(PATIENCE)
        assert status == 0, "the server ended with status %s" % status

    def exchange(self, data, step=None):
        with Peer(self.port) as peer:
            peer.send(data, step)
            return peer.read_to_end()

    def check(self, data, *expected, code=1000):
        """The same answers however the bytes are cut; then a close frame of that code."""
        for step in (None, 1, 7) if len(data) < 2000 else (None, 997):
            events = self.exchange(data, step)
            self.assertEqual(events[:-1], list(expected))
            opcode, reason = events[-1]
            self.assertEqual((opcode, int(reason[0])), (8, code), data[:40])

    def check_echo(self, opcode, payload, data=None):
        self.check((data or frame(opcode, payload)) + close(1000),
                   (opcode, payload.decode() if opcode == 1 else payload))

    def check_failure(self, data, code=1002, before=()):
        self.check(data, *before, code=code)


class Framing(ConformanceTest):
    def test_text_and_binary_of_every_length_form(self):
        for size in (0, 1, 125, 126, 127, 128, 65535, 65536, 1 << 20):
            self.check_echo(1, b"*" * size)
            self.check_echo(2, b"\xfe" * size)

    def test_a_message_of_the_largest_size(self):
        payload = os.urandom(1024) * (MAX_MESSAGE // 1024)
        self.assertEqual(self.exchange(frame(2, payload) + close(1000))[0], (2, payload))

    def test_masks_of_every_alignment(self):
        for size in range(40):
            self.check_echo(2, bytes(range(size)))

    def test_unmasked_frames_fail(self):
        for opcode in (1, 2, 8, 9, 10):
            self.check_failure(frame(opcode, b"", masked=False))

    def test_lengths_that_are_not_minimal_fail(self):
        self.check_failure(text("x" * 125, length_form=126))
        self.check_failure(text("x" * 125, length_form=127))
        self.check_failure(text("x" * 65535, length_form=127))
        self.check_failure(b"\x82\xff" + b"\x80" + bytes(7) + MASK)

    def test_messages_over_the_limit_fail_at_the_header(self):
        self.check_failure(b"\x82\xff" + struct.pack(">Q", MAX_MESSAGE + 1), code=1009)
        self.check_failure(b"\x82\xff" + struct.pack(">Q", (1 << 63) - 1), code=1009)


class PingsAndPongs(ConformanceTest):
    def test_a_ping_is_answered_with_its_payload(self):
        for payload in (b"", b"Hello", bytes([0, 255, 254, 253, 252]), b"\xfe" * 125):
            self.check(frame(9, payload) + close(1000), (10, payload))

    def test_pings_are_answered_in_order(self):
        self.check(b"".join(frame(9, b"%d" % i) for i in range(10)) + close(1000),
                   *((10, b"%d" % i) for i in range(10)))

    def test_a_ping_that_is_too_long_fails(self):
        self.check_failure(frame(9, b"\xfe" * 126))

    def test_unsolicited_pongs_are_ignored(self):
        self.check(frame(10) + frame(10, b"x" * 8) + frame(9, b"y") + close(1000), (10, b"y"))


class ReservedBitsAndOpcodes(ConformanceTest):
    def test_reserved_bits_fail(self):
        for rsv in range(1, 8):
            for opcode in (1, 2, 8, 9, 10):
                self.check_failure(text("ok") + frame(opcode, b"", rsv=rsv), before=[(1, "ok")])

    def test_reserved_opcodes_fail(self):
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
            self.check_failure(text("ok") + frame(opcode), before=[(1, "ok")])
            self.check_failure(frame(opcode, b"payload") + frame(9))


class Fragmentation(ConformanceTest):
    def test_fragmented_control_frames_fail(self):
        for opcode in (8, 9, 10):
            self.check_failure(frame(opcode, b"", fin=False) + frame(0))

    def test_fragments_become_one_message(self):
        self.check_echo(1, b"fragment1fragment2",
                        text("fragment1", fin=False) + frame(0, b"fragment2"))
        self.check_echo(1, b"", text("", fin=False) + frame(0, b"", fin=False) + frame(0))
        self.check_echo(1, b"middle", text("", fin=False) + frame(0, b"middle", fin=False) + frame(0))
        many = text("a" * 64, fin=False) + frame(0, b"a" * 64, fin=False) * 200 + frame(0, b"a" * 64)
        self.check_echo(1, b"a" * 64 * 202, many)

    def test_control_frames_in_between_are_answered_at_once(self):
        self.check(text("one", fin=False) + frame(9, b"1") + frame(0, b"two", fin=False) +
                   frame(9, b"2") + frame(10, b"?") + frame(0, b"three") + close(1000),
                   (10, b"1"), (10, b"2"), (1, "onetwothree"))

    def test_continuations_of_nothing_fail(self):
        for fin in (True, False):
            self.check_failure(frame(0, b"x", fin=fin) + text("y"))
            self.check_failure(text("ok") + frame(0, b"x", fin=fin), before=[(1, "ok")])

    def test_a_message_inside_another_fails(self):
        for opcode in (1, 2):
            for fin in (True, False):
                self.check_failure(text("a", fin=False) + frame(opcode, b"b", fin=fin))

    def test_the_limit_is_for_all_fragments_together(self):
        data = frame(2, b"x" * (MAX_MESSAGE // 2), fin=False)
        self.assertEqual(self.exchange(data + frame(0, b"x" * (MAX_MESSAGE // 2 + 1))[:14])[-1][1][0],
                         1009)


class Utf8(ConformanceTest):
    VALID = ["Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\0", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff",
             "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff", "😀" * 30]
    INVALID = [b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", b"\x80", b"\xbf",
               b"\xc0 ", b"\xc3 ", b"\xe0\x80 ", b"\xfc", b"\xfe", b"\xff", b"\xc0\xaf", b"\xe0\x80\xaf",
               b"\xf0\x80\x80\xaf", b"\xf8\x80\x80\x80\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf",
               b"\xf0\x8f\xbf\xbf", b"\xed\xa0\x80", b"\xed\xad\xbf", b"\xed\xbf\xbf",
               b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80"]

    def test_valid_text_comes_back(self):
        for sample in self.VALID:
            payload = sample.encode()
            self.check_echo(1, payload)
            pieces = [text(payload[:1], fin=False)]
            pieces += [frame(0, payload[i:i + 1], fin=False) for i in range(1, len(payload))]
            self.check_echo(1, payload, b"".join(pieces) + frame(0))

    def test_invalid_text_fails(self):
        for payload in self.INVALID:
            self.check_failure(text(payload), code=1007)
            self.check_failure(text(payload[:1], fin=False) + frame(0, payload[1:]), code=1007)

    def test_text_that_ends_inside_a_character_fails(self):
        for payload in (b"\xce", b"\xe1\xbd", b"\xf0\x9f\x98", b"ok\xf4\x8f"):
            self.check_failure(text(payload), code=1007)
            self.check_failure(text(payload, fin=False) + frame(0), code=1007)

    def test_invalid_text_fails_before_the_message_is_complete(self):
        for payload in self.INVALID:
            self.check_failure(text(b"ok" + payload + b"......", fin=False), code=1007)
        self.check_failure(text(b"ok\xed\xa0" + b"." * 100)[:11], code=1007)

    def test_binary_messages_may_hold_anything(self):
        for payload in self.INVALID:
            self.check_echo(2, payload)


class Closing(ConformanceTest):
    def test_a_close_frame_is_answered_with_its_code(self):
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999):
            self.check(close(code), code=code)
            self.check(close(code, "bye bye ß".encode() + b"*" * 113), code=code)

    def test_an_empty_close_frame_is_answered_with_an_empty_one(self):
        with Peer(self.port) as peer:
            peer.send(close())
            self.assertEqual(peer.socket.recv(100), b"\x88\x00")
            self.assertEqual(peer.socket.recv(100), b"")

    def test_codes_that_must_not_be_sent_fail(self):
        for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
            self.check_failure(close(code))

    def test_malformed_close_frames_fail(self):
        self.check_failure(frame(8, b"x"))
        self.check_failure(frame(8, b"\x03\xe8" + b"*" * 124))
        self.check_failure(close(1000, b"\xce\xba\xed\xa0\x80"), code=1007)

    def test_nothing_after_a_close_frame_counts(self):
        self.check(text("before") + close(1000) + text("after") + frame(9) + close(1001),
                   (1, "before"))
        self.check(text("half", fin=False) + close(1000) + frame(0, b"other half"))


class Handshake(ConformanceTest):
    def answer(self, request):
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as peer:
            peer.sendall(request)
            return peer.recv(4096).decode().split("\r\n")

    def test_the_example_of_the_rfc(self):
        lines = self.answer(HANDSHAKE + b"Sec-WebSocket-Protocol: chat, superchat\r\n\r\n")
        self.assertEqual(lines[0], "HTTP/1.1 101 Switching Protocols")
        self.assertIn("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", lines)
        self.assertIn("Sec-WebSocket-Protocol: chat", lines)
        self.assertFalse([line for line in lines if line.startswith("Sec-WebSocket-Extensions")])

    def test_malformed_ones(self):
        for field in (b"Connection: Upgrade", b"Sec-WebSocket-Version: 13",
                      b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="):
            lines = self.answer(HANDSHAKE.replace(field + b"\r\n", b"") + b"\r\n")
            self.assertEqual(lines[0], "HTTP/1.1 400 Bad Request", field)

    def test_other_versions(self):
        lines = self.answer(HANDSHAKE.replace(b"Version: 13", b"Version: 12") + b"\r\n")
        self.assertEqual(lines[0], "HTTP/1.1 426 Upgrade Required")
        self.assertIn("Sec-WebSocket-Version: 13", lines)


class Compression(ConformanceTest):
    mode = "deflate"
    OFFERS = ("permessage-deflate", "permessage-deflate; client_max_window_bits",
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
              "permessage-deflate; server_max_window_bits=9",
              "permessage-deflate; client_max_window_bits=9; server_max_window_bits=12")

    def check_deflated(self, data, *expected, code=1000, offer=OFFERS[0]):
        with Peer(self.port, offer) as peer:
            self.assertEqual(len(peer.agreed), 1, offer)
            peer.send(data)
            events = peer.read_to_end()
        self.assertEqual(events[:-1], list(expected))
        self.assertEqual((events[-1][0], int(events[-1][1][0])), (8, code))

    def test_messages_come_back_under_every_agreement(self):
        for offer in self.OFFERS:
            for size in (0, 1, 63, 64, 256, 1000, 20000, 300000):
                payload = (("%d αβγ " % size) * size)[:size].encode()[:size].decode(errors="ignore")
                packed = deflate(payload.encode(), 9)
                self.check_deflated(text(packed, rsv=4) + text(payload) + close(1000),
                                    (1, payload), (1, payload), offer=offer)

    def test_fragments_and_control_frames(self):
        packed = deflate(b"Hello " * 100)
        self.check_deflated(text(packed[:3], rsv=4, fin=False) + frame(9, b"p") +
                            frame(0, packed[3:]) + close(1000),
                            (10, b"p"), (1, "Hello " * 100))

    def test_messages_of_several_blocks_and_final_blocks(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        blocks = packer.compress(b"one ") + packer.flush(zlib.Z_SYNC_FLUSH)
        blocks += packer.compress(b"two") + packer.flush(zlib.Z_FINISH) + b"\0"
        self.check_deflated(text(blocks, rsv=4) + close(1000), (1, "one two"))

    def test_violations(self):
        packed = deflate(b"Hello")
        for data, code in ((text(b"\xff\xff\xff\xff", rsv=4), 1007),
                           (text(deflate(b"\xff"), rsv=4), 1007),
                           (text(packed, rsv=6), 1002),
                           (frame(9, b"", rsv=4), 1002),
                           (text(packed[:2], rsv=4, fin=False) + frame(0, packed[2:], rsv=4), 1002),
                           (frame(2, deflate(bytes(MAX_MESSAGE + 1)), rsv=4), 1009)):
            self.check_deflated(data, code=code)

    def test_offers_that_cannot_be_kept_are_declined(self):
        for offer in ("permessage-bzip2", "permessage-deflate; foo", "x-webkit-deflate-frame",
                      "permessage-deflate; server_max_window_bits=20"):
            with Peer(self.port, offer) as peer:
                self.assertEqual(peer.agreed, [])


class ClientMixin:
    """The client of websockets, as applications use it."""

    def run_client(self, talk, **options):
        async def connect():
            async with websockets.connect("ws://127.0.0.1:%d/echo" % self.port, max_size=None,
                                          ping_interval=None, **options) as client:
                await talk(client)
        asyncio.run(asyncio.wait_for(connect(), PATIENCE * 2))

    def test_messages_of_many_sizes(self):
        async def talk(client):
            for size in [*range(130), 1000, 65535, 65536, 100000, 1 << 20]:
                for message in ("π" * size, os.urandom(size)):
                    await client.send(message)
                    self.assertEqual(await client.recv(), message)
        self.run_client(talk)

    def test_fragmented_messages(self):
        async def talk(client):
            await client.send(["one ", "two ", "", "three"])
            self.assertEqual(await client.recv(), "one two three")
        self.run_client(talk)

    def test_pings(self):
        async def talk(client):
            for _ in range(10):
                await (await client.ping())
        self.run_client(talk)

    def test_many_messages_on_the_way(self):
        async def talk(client):
            async def send_all():
                for i in range(5000):
                    await client.send("message %d " % i + "x" * (i % 300))
            sending = asyncio.ensure_future(send_all())
            for i in range(5000):
                self.assertEqual(await client.recv(), "message %d " % i + "x" * (i % 300))
            await sending
        self.run_client(talk)

    def test_closing(self):
        async def talk(client):
            await client.close(4321, "bye")
            self.assertEqual(client.close_code, 4321)
        self.run_client(talk)


class PlainClient(ClientMixin, ConformanceTest):
    pass


class CompressingClient(ClientMixin, ConformanceTest):
    mode = "deflate"

    def test_compression_was_agreed(self):
        async def talk(client):
            extensions = getattr(client, "extensions", None) or client.protocol.extensions
            self.assertEqual([e.name for e in extensions], ["permessage-deflate"])
        self.run_client(talk)


if __name__ == "__main__":
    unittest.main()
