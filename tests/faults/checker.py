"""Compares what clients were promised and what they saw with the log.

What must hold (chat-realtime.md §8, §10, §11):
- an acknowledged message is in the log exactly once and reaches every recipient;
- one that was refused is not in the log, one whose answer is unknown at most once;
- nothing is received that is not in the log for this person, byte for byte;
- everybody sees messages in the order of the log, and the log has them in an order that
  the senders could have seen: what was answered before another was sent stands before it;
- a client that acknowledges sees nothing twice. One that does not may see again what it
  got on a connection that broke before, or within GRACE after, the pong behind it.
"""
import collections
import dataclasses
import json

import history as records

# Between a pong and the cursor's commit: its way, a tenth of a second for the batch, and
# a machine that is busy. A connection or a server that dies meanwhile takes it along.
GRACE = 1.0
# After a full disk the server retries with growing pauses.
RECOVERY = 5.0
SHOWN = 5  # problems of a kind


@dataclasses.dataclass
class Verdict:
    acknowledged: int = 0
    delivered: int = 0   # receipts that were due
    lost: list = dataclasses.field(default_factory=list)
    duplicated: int = 0
    allowed: int = 0     # of these
    extra: list = dataclasses.field(default_factory=list)       # duplicates that are not
    reordered: list = dataclasses.field(default_factory=list)
    wrong: list = dataclasses.field(default_factory=list)       # anything else

    @property
    def is_good(self):
        return not (self.lost or self.extra or self.reordered or self.wrong)

    def summary(self):
        return "acknowledged %d, lost %d, duplicated %d (allowed %d), reordered %d" % (
            self.acknowledged, len(self.lost), self.duplicated, self.allowed, len(self.reordered))

    def details(self):
        lines = []
        for name in ("lost", "extra", "reordered", "wrong"):
            problems = getattr(self, name)
            lines += ["%s: %s" % (name, one) for one in problems[:SHOWN]]
            if len(problems) > SHOWN:
                lines.append("%s: %d more" % (name, len(problems) - SHOWN))
        return lines


def check(history, rows):
    verdict = Verdict()
    check_log(history, rows, verdict)
    check_real_time(history, rows, verdict)
    check_receipts(history, rows, verdict)
    return verdict


# --- What was promised, against the log ---

def rows_by_name(rows):
    """What people sent by its text, recalls by what they take back."""
    texts = {row.uuid: row.text for row in rows if row.sender and not row.is_recall}
    named = collections.defaultdict(list)
    for row in rows:
        if row.is_recall:
            named[texts.get(row.uuid), True].append(row)
        elif row.sender:
            named[row.text, False].append(row)
    return named


def check_log(history, rows, verdict):
    named = rows_by_name(rows)
    for send in history.sends:
        found = named.pop((send.text, send.is_recall), [])
        check_send(send, found, verdict)
    for (text, is_recall), found in named.items():
        verdict.wrong.append("in the log, but never %s: %r (%d)" % (
            "recalled" if is_recall else "sent", text, len(found)))
    for conversation, seqs in seqs_by_conversation(rows).items():
        if seqs != list(range(1, len(seqs) + 1)):
            verdict.wrong.append("conversation %d is not numbered densely" % conversation)


def check_send(send, found, verdict):
    name = ("recall of %r" if send.is_recall else "%r") % send.text
    if len(found) > 1:
        verdict.wrong.append("%s is %d times in the log (%s)" % (name, len(found), send.outcome))
    if len(send.uuids) > 1:
        verdict.wrong.append("retries of %s had several answers: %s" % (name, send.uuids))
    if send.outcome == records.ACKNOWLEDGED:
        verdict.acknowledged += 1
        if not found:
            verdict.lost.append("%s of user %d was acknowledged and is not in the log" % (
                name, send.sender))
        elif found[0].uuid != send.uuid:
            verdict.wrong.append("%s is in the log with another id" % name)
    elif send.outcome == records.REFUSED and found:
        verdict.wrong.append("%s was refused and is in the log" % name)
    for row in found:
        if row.recipients != set(send.recipients):
            verdict.wrong.append("%s goes to %s instead of %s" % (
                name, sorted(row.recipients), sorted(send.recipients)))


def seqs_by_conversation(rows):
    found = collections.defaultdict(list)
    for row in rows:
        found[row.conversation].append(row.seq)
    return found


def check_real_time(history, rows, verdict):
    """Whatever was answered before another was sent stands before it."""
    sends = {(send.text, send.is_recall): send for send in history.sends}
    latest = {}  # conversation: (when the latest message so far was sent, its text)
    names = {id(row): name for name, found in rows_by_name(rows).items() for row in found}
    for row in rows:
        send = sends.get(names.get(id(row)))
        if send is None:
            continue
        invoked, text = latest.get(row.conversation, (float("-inf"), None))
        if send.outcome == records.ACKNOWLEDGED and send.ended < invoked:
            verdict.reordered.append("%r was answered before %r was sent, and stands behind it" % (
                send.text, text))
        if send.invoked > invoked:
            latest[row.conversation] = send.invoked, send.text


# --- What was received, against the log ---

def check_receipts(history, rows, verdict):
    due = collections.defaultdict(dict)  # user: (uuid, is recall): row
    for row in rows:
        for user in row.recipients:
            due[user][row.uuid, row.is_recall] = row
    received = collections.defaultdict(list)
    for receipt in history.receipts:
        received[receipt.user].append(receipt)
    for user in sorted({line.user for line in history.lines} | set(received)):
        check_user(user, due[user], received[user], history, verdict)


def check_user(user, due, receipts, history, verdict):
    first, last = [], {}
    for receipt in receipts:
        row = due.get((receipt.uuid, receipt.is_recall))
        if row is None:
            verdict.wrong.append("user %d received what the log does not have for them: %s" % (
                user, receipt.body))
            continue
        check_content(user, row, receipt, verdict)
        if row.position in last:
            check_duplicate(row, last[row.position], receipt, history, verdict)
        else:
            first.append((row, receipt))
        last[row.position] = receipt
    verdict.delivered += len(first)
    for row in due.values():
        if row.position not in last:
            verdict.lost.append("user %d never received %r (position %d, conversation %d seq %d)" % (
                user, row.text, row.position, row.conversation, row.seq))
    check_order(user, first, history, verdict)


def check_content(user, row, receipt, verdict):
    if receipt.body != json.loads(row.body):
        verdict.wrong.append("user %d received another %r than the log has: %s" % (
            user, row.text, receipt.body))
    if receipt.place not in (None, (row.conversation, row.seq)):
        verdict.wrong.append("user %d received %r as %s, in the log it is %s" % (
            user, row.text, receipt.place, (row.conversation, row.seq)))


def check_duplicate(row, before, now, history, verdict):
    verdict.duplicated += 1
    if is_allowed(before, now, history):
        verdict.allowed += 1
        return
    line = history.lines[before.line]
    verdict.extra.append(
        "user %d (%s) received %r again on line %d at %.3f; before: line %d at %.3f, "
        "pong %s, line ended %s (%s)" % (
            now.user, "new" if line.is_new else "old", row.text, now.line, now.at, before.line,
            before.at, seconds(before.ponged), seconds(line.ended), line.how))


def seconds(time):
    return "never" if time is None else "%.3f" % time


def is_allowed(before, now, history):
    line = history.lines[before.line]
    if line.is_new or before.line == now.line or line.ended is None or line.ended > now.at:
        return False
    if before.ponged is None or line.ended - before.ponged < GRACE:
        return True
    return any(start <= line.ended and before.ponged <= end + RECOVERY
               for start, end in history.troubles)


def check_order(user, first, history, verdict):
    highest = None   # (row, receipt) that stands last in the log so far
    on_line = {}     # the same for each line
    for row, receipt in first:
        for other in (on_line.get(receipt.line), highest):
            if other and other[0].position > row.position and is_behind(other[1], receipt, history):
                verdict.reordered.append(
                    "user %d received %r (position %d) on line %d behind %r (position %d) on line %d"
                    % (user, row.text, row.position, receipt.line, other[0].text,
                       other[0].position, other[1].line))
                break
        if highest is None or row.position > highest[0].position:
            highest = row, receipt
        if receipt.line not in on_line or row.position > on_line[receipt.line][0].position:
            on_line[receipt.line] = row, receipt


def is_behind(earlier, later, history):
    """Two lines that are open at once are read in any order."""
    if earlier.line == later.line:
        return True
    one, other = history.lines[earlier.line], history.lines[later.line]
    end = float("inf")
    return (one.ended or end) <= other.opened or (other.ended or end) <= one.opened
