"""What happens to the server: SIGKILL, a full disk, a clock that jumps.

The disk is made full with RLIMIT_FSIZE on the running process: writes beyond the limit
fail, which needs no mount and no rights (EFBIG instead of ENOSPC; SIGXFSZ is ignored, as
it was when the process was started). The clock jumps by way of Debian's libfaketime,
which reads the offset from a file; the monotonic clock stays right. Where the library is
missing the clock is left alone and the summary says so.
"""
import glob
import os
import pathlib
import resource
import tempfile

import chat

FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class TroubledServer(chat.LongLivedServer):
    def __init__(self, *settings, **process):
        library = next(iter(glob.glob(FAKETIME)), None)
        self.offset_file = None
        env = {}
        if library:
            self.offset_file = self._make_offset_file()
            env = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(self.offset_file),
                   "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        super().__init__(*settings, env=env, restore_signals=False, **process)

    @staticmethod
    def _make_offset_file():
        number, name = tempfile.mkstemp(prefix="qn-clock-")
        os.close(number)
        path = pathlib.Path(name)
        path.write_text("+0\n")
        return path

    @property
    def has_a_clock_to_turn(self):
        return self.offset_file is not None

    def turn_clock(self, seconds):
        fresh = self.offset_file.with_suffix(".new")
        fresh.write_text("%+d\n" % seconds)
        fresh.rename(self.offset_file)

    def fill_disk(self, room=0):
        """Nothing grows beyond what the write-ahead log has now, and `room` bytes."""
        log = self.data / "qingniao.db-wal"
        size = log.stat().st_size if log.exists() else 0
        self._limit(size + room)

    def free_disk(self):
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size):
        _, hard = resource.prlimit(self.life.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.life.pid, resource.RLIMIT_FSIZE, (size, hard))

    def close(self):
        super().close()
        if self.offset_file:
            self.offset_file.unlink()
