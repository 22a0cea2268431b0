"""A strict WebSocket client (RFC 6455) that can also misbehave, for tests.

WsClient reads on a thread of its own and calls back there. Whatever a server must not
send (a masked frame, a reserved bit, an unknown opcode, a length that is not minimal,
bad UTF-8, a bad close code, anything behind a close frame …) ends the connection and
stays in `violation`. On request it stops reading, keeps its pongs to itself,
half-closes, resets, or just goes away.
"""
import base64
import dataclasses
import hashlib
import os
import select
import socket
import struct
import threading

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KNOWN = {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
NO_STATUS = 1005  # a close frame without a status code
ABNORMAL = 1006   # no close frame at all
CONNECT_TIME = 10  # seconds, as the reference's client
SEND_TIME = 30
LINGER_TIME = 15  # the server closes the TCP connection after the two close frames


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, status, headers, body):
        super().__init__("handshake refused: %s %r" % (status, body[:200]))
        self.status = status
        self.headers = headers
        self.body = body


class Violation(Exception):
    """The server broke RFC 6455."""


@dataclasses.dataclass(frozen=True)
class Frame:
    opcode: int
    payload: bytes
    is_final: bool = True


@dataclasses.dataclass(frozen=True)
class Ending:
    """How a connection ended: `code` as a browser would report it."""
    code: int
    reason: str = ""
    is_ours: bool = False  # we closed, reset or went away first


def accept_of(key):
    """What a server answers to this Sec-WebSocket-Key."""
    return base64.b64encode(hashlib.sha1(key.encode() + MAGIC).digest()).decode()


def encode(opcode, payload, is_final=True, mask=True):
    """The bytes of one frame."""
    head = bytes([(0x80 if is_final else 0) | opcode])
    bit = 0x80 if mask else 0
    length = len(payload)
    if length < 126:
        head += bytes([bit | length])
    elif length < 1 << 16:
        head += bytes([bit | 126]) + struct.pack("!H", length)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", length)
    return head + masked(payload) if mask else head + payload


def masked(payload):
    key = os.urandom(4)
    size = len(payload)
    stream = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")
    return key + mixed.to_bytes(size, "big")


def read_close(payload):
    """(code, reason) of a close frame's payload."""
    if not payload:
        return NO_STATUS, ""
    if len(payload) == 1:
        raise Violation("a close frame with one byte")
    code = struct.unpack("!H", payload[:2])[0]
    if not (code in (1000, 1001, 1002, 1003) or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise Violation("close code %d must not be sent" % code)
    return code, as_text(payload[2:], "close reason")


def as_text(data, what):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Violation("%s is not UTF-8: %s" % (what, error)) from None


class FrameReader:
    """Bytes from a server to frames; raises Violation. Knows no sockets."""

    def __init__(self):
        self.buffer = bytearray()

    def feed(self, data):
        self.buffer += data
        frames = []
        at = 0
        while True:
            frame, after = self._frame_at(at)
            if frame is None:
                break
            frames.append(frame)
            at = after
        del self.buffer[:at]
        return frames

    def _frame_at(self, at):
        data = self.buffer
        if len(data) < at + 2:
            return None, at
        first, second = data[at], data[at + 1]
        self._check_head(first, second)
        length, start = second & 0x7F, at + 2
        if length == 126:
            if len(data) < start + 2:
                return None, at
            length = struct.unpack_from("!H", data, start)[0]
            start += 2
            if length < 126:
                raise Violation("length %d in two bytes" % length)
        elif length == 127:
            if len(data) < start + 8:
                return None, at
            length = struct.unpack_from("!Q", data, start)[0]
            start += 8
            if length < 1 << 16 or length >= 1 << 63:
                raise Violation("length %d in eight bytes" % length)
        if len(data) < start + length:
            return None, at
        frame = Frame(first & 0x0F, bytes(data[start:start + length]), bool(first & 0x80))
        return frame, start + length

    @staticmethod
    def _check_head(first, second):
        opcode = first & 0x0F
        if first & 0x70:
            raise Violation("reserved bits 0x%02x" % (first & 0x70))
        if opcode not in KNOWN:
            raise Violation("opcode %d" % opcode)
        if second & 0x80:
            raise Violation("a server's frame is masked")
        if opcode >= CLOSE and (not first & 0x80 or second > 125):
            raise Violation("a control frame that is fragmented or too long")


class MessageReader:
    """Frames to whole messages (opcode, payload); control frames pass through."""

    def __init__(self):
        self.opcode = None
        self.parts = []

    def take(self, frame):
        if frame.opcode >= CLOSE:
            return frame.opcode, frame.payload
        if (frame.opcode == CONTINUATION) != (self.opcode is not None):
            raise Violation("a continuation of nothing" if self.opcode is None
                            else "a new message inside a fragmented one")
        if self.opcode is None:
            self.opcode = frame.opcode
        self.parts.append(frame.payload)
        if not frame.is_final:
            return None
        whole = self.opcode, b"".join(self.parts)
        self.opcode, self.parts = None, []
        return whole


class WsClient:
    """One connection. Open when the constructor returns; raises Refused, or OSError.

    Callbacks (reading thread): on_text(text), on_pong(payload), on_ponged() after a
    ping of the server was answered, on_end(Ending) once. Any thread may call methods.
    """

    def __init__(self, port, target, headers=None, receive_buffer=None, on_text=None,
                 on_pong=None, on_ponged=None, on_end=None, answers_pings=True):
        nothing = lambda *_: None  # noqa: E731
        self.on_text, self.on_pong = on_text or nothing, on_pong or nothing
        self.on_ponged, self.on_end = on_ponged or nothing, on_end or nothing
        self.answers_pings = answers_pings
        self.violation = None
        self.ending = None
        self.pings = []  # payloads of the server's pings, answered or not
        self.ended = threading.Event()
        self._lock = threading.Lock()       # of sending
        self._sent_close = False
        self._got_close = None
        self._reads = True
        self._parked = threading.Event()    # set while it does not read
        self._leave = None                  # "reset" or "abandon": what the reader shall do
        self._frames, self._messages = FrameReader(), MessageReader()
        self._socket = self._connect(port, receive_buffer)
        try:
            rest = self._shake_hands(target, headers or {})
        except BaseException:
            self._socket.close()
            raise
        self._wake_in, self._wake_out = socket.socketpair()
        self._thread = threading.Thread(target=self._run, args=(rest,), daemon=True)
        self._thread.start()

    # --- What a client does ---

    def send_text(self, text):
        return self.send_frame(TEXT, text.encode())

    def send_frame(self, opcode, payload=b"", is_final=True, mask=True):
        return self.send_bytes(encode(opcode, payload, is_final, mask))

    def send_bytes(self, data):
        """False: the connection is gone."""
        with self._lock:
            try:
                self._socket.sendall(data)
                return True
            except OSError:
                return False

    def ping(self, payload=b""):
        return self.send_frame(PING, payload)

    def close(self, code=1000, reason=""):
        """A close frame; code None: without a status."""
        self._sent_close = True
        payload = b"" if code is None else struct.pack("!H", code) + reason.encode()
        return self.send_frame(CLOSE, payload)

    def stop_reading(self):
        """When this returns nothing more is read; the kernel still takes some."""
        self._reads = False
        self._wake()
        self._parked.wait(SEND_TIME)

    def read_on(self):
        self._reads = True
        self._parked.clear()
        self._wake()

    def half_close(self):
        """We send no more (FIN), but still read."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def reset(self):
        """RST: whatever is under way in either direction is gone."""
        self._depart("reset")

    def abandon(self):
        """The process has died: its kernel closes the connection without a word."""
        self._depart("abandon")

    def wait_ended(self, seconds):
        return self.ended.wait(seconds)

    # --- The handshake ---

    @staticmethod
    def _connect(port, receive_buffer):
        sock = socket.socket()
        try:
            sock.settimeout(CONNECT_TIME)
            if receive_buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            sock.connect(("127.0.0.1", port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            sock.close()
            raise
        return sock

    def _shake_hands(self, target, headers):
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {"Host": "127.0.0.1", "Upgrade": "websocket", "Connection": "Upgrade",
                 "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key, **headers}
        lines = ["GET %s HTTP/1.1" % target, *("%s: %s" % pair for pair in asked.items())]
        self._socket.sendall("\r\n".join(lines + ["", ""]).encode())
        head, rest = self._read_head()
        first, *fields = head.decode("latin-1").split("\r\n")
        got = {name.strip().lower(): value.strip()
               for name, _, value in (field.partition(":") for field in fields)}
        status = int(first.split(" ")[1])
        if status != 101:
            raise Refused(status, got, self._read_body(got, rest))
        self._check_handshake(got, key, asked)
        self._socket.settimeout(SEND_TIME)
        return rest

    def _read_head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self._socket.recv(65536)
            if not piece:
                raise ConnectionResetError("closed during the handshake: %r" % data)
            data += piece
        head, _, rest = data.partition(b"\r\n\r\n")
        return head, rest

    def _read_body(self, headers, body):
        length = int(headers.get("content-length", 0))
        while len(body) < length:
            piece = self._socket.recv(65536)
            if not piece:
                break
            body += piece
        return body

    @staticmethod
    def _check_handshake(got, key, asked):
        if got.get("upgrade", "").lower() != "websocket":
            raise Violation("101 without Upgrade: websocket")
        if "upgrade" not in got.get("connection", "").lower():
            raise Violation("101 without Connection: Upgrade")
        if got.get("sec-websocket-accept") != accept_of(key):
            raise Violation("wrong Sec-WebSocket-Accept")
        for name in ("sec-websocket-extensions", "sec-websocket-protocol"):
            if name in got and name not in {one.lower() for one in asked}:
                raise Violation("%s that nobody asked for" % name)

    # --- Reading ---

    def _run(self, rest):
        try:
            self._take(rest)
            while self._read_some():
                pass
        except Violation as violation:
            self.violation = violation
        except OSError:
            pass
        self._finish()

    def _read_some(self):
        """Waits for bytes or a wake; False: this connection is over."""
        poll = select.poll()
        poll.register(self._wake_out, select.POLLIN)
        if self._reads:
            poll.register(self._socket, select.POLLIN)
        else:
            self._parked.set()
        ready = {number for number, _ in poll.poll(LINGER_TIME * 1000 if self._got_close else None)}
        if self._wake_out.fileno() in ready:
            self._wake_out.recv(4096)
        if self._leave:
            return False
        if self._socket.fileno() in ready and self._reads:
            data = self._socket.recv(65536)
            self._take(data)
            return bool(data)
        if not ready:
            raise Violation("the TCP connection stays open behind the close frames")
        return True

    def _take(self, data):
        for frame in self._frames.feed(data):
            if self._got_close:
                raise Violation("a frame behind the close frame")
            whole = self._messages.take(frame)
            if whole:
                self._handle(*whole)

    def _handle(self, opcode, payload):
        if opcode == TEXT:
            text = as_text(payload, "a text message")
            if not self._sent_close:  # as in a browser: whoever has closed hears no more
                self.on_text(text)
        elif opcode == BINARY:
            raise Violation("a binary message")
        elif opcode == PONG:
            self.on_pong(payload)
        elif opcode == PING:
            self.pings.append(payload)
            if self.answers_pings and not self._sent_close and self.send_frame(PONG, payload):
                self.on_ponged()
        else:
            self._got_close = read_close(payload)
            if not self._sent_close:
                self._sent_close = True
                self.send_frame(CLOSE, payload[:2])

    def _finish(self):
        if self._leave == "reset" or self.violation:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with self._lock:
            self._socket.close()
        code, reason = self._got_close or (ABNORMAL, "")
        self.ending = Ending(code, reason, bool(self._leave))
        self._wake_in.close()
        self._wake_out.close()
        self._parked.set()
        self.on_end(self.ending)
        self.ended.set()

    def _depart(self, how):
        self._leave = how
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join(SEND_TIME)

    def _wake(self):
        try:
            self._wake_in.send(b"!")
        except OSError:
            pass
