"""The checker finds every fault it is there to find."""
import io
import json
import unittest

import checker
import history as records
import message_log

ALICE, BOB, CAROL = 1, 2, 3


class World:
    """A history and a log that agree, to be spoilt."""

    def __init__(self):
        self.time = 0.0
        self.history = records.History()
        self.history.now = self.tick
        self.rows = []

    def tick(self, seconds=0.001):
        self.time += seconds
        return self.time

    def line(self, user, is_new=False):
        return self.history.open_line(user, is_new)

    def body(self, sender, text, uuid, is_recall):
        message = {"id": uuid, "from_id": sender, "data": json.dumps({"data": text})}
        return dict(message, actionType="revoke") if is_recall else message

    def log(self, sender, text, recipients, conversation=1, uuid=None, is_recall=False):
        seq = 1 + sum(row.conversation == conversation for row in self.rows)
        uuid = uuid or "uuid of " + text
        body = json.dumps(self.body(sender, text, uuid, is_recall))
        row = message_log.Row(len(self.rows) + 1, conversation, seq, uuid, is_recall, sender, text,
                              body, frozenset(recipients))
        self.rows.append(row)
        return row

    def send(self, text, sender=ALICE, recipients=(BOB,), outcome=records.ACKNOWLEDGED, **more):
        send = self.history.send(sender, text, recipients)
        row = self.log(sender, text, recipients, **more)
        self.history.answer(send, outcome, row.uuid)
        return row

    def receive(self, line, row):
        frame = {"data": json.loads(row.body)}
        if line.is_new:
            frame.update(conversation=row.conversation, seq=row.seq)
        return self.history.receive(line, frame)

    def check(self):
        return checker.check(self.history, self.rows)


class CheckerTest(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.line = self.world.line(BOB)

    def assert_found(self, kind, part):
        verdict = self.world.check()
        self.assertFalse(verdict.is_good)
        self.assertEqual([name for name in ("lost", "extra", "reordered", "wrong")
                          if getattr(verdict, name)], [kind], verdict.details())
        self.assertIn(part, getattr(verdict, kind)[0])

    def assert_good(self, summary):
        verdict = self.world.check()
        self.assertEqual(verdict.details(), [])
        self.assertEqual(verdict.summary(), summary)

    # --- Good histories ---

    def test_a_good_history(self):
        for text in ("one", "two"):
            self.world.receive(self.line, self.world.send(text))
        self.assert_good("acknowledged 2, lost 0, duplicated 0 (allowed 0), reordered 0")

    def test_unknown_may_be_there_or_not(self):
        self.world.receive(self.line, self.world.send("there", outcome=records.UNKNOWN))
        send = self.world.history.send(ALICE, "not there", (BOB,))
        self.world.history.answer(send, records.UNKNOWN)
        self.assert_good("acknowledged 0, lost 0, duplicated 0 (allowed 0), reordered 0")

    def test_notices_of_nobody_are_due_as_well(self):
        row = self.world.log(0, "notice", (BOB,))
        self.assertEqual(len(self.world.check().lost), 1)
        self.world.receive(self.line, row)
        self.assert_good("acknowledged 0, lost 0, duplicated 0 (allowed 0), reordered 0")

    def test_a_recall_has_the_id_of_the_message(self):
        row = self.world.send("oops")
        send = self.world.history.send(ALICE, "oops", (BOB,), is_recall=True)
        recall = self.world.log(0, "alice recalled", (BOB,), uuid=row.uuid, is_recall=True)
        self.world.history.answer(send, records.ACKNOWLEDGED, row.uuid)
        self.world.receive(self.line, row)
        self.world.receive(self.line, recall)
        self.assert_good("acknowledged 2, lost 0, duplicated 0 (allowed 0), reordered 0")

    # --- Losses ---

    def test_an_acknowledged_message_that_is_not_in_the_log(self):
        send = self.world.history.send(ALICE, "gone", (BOB,))
        self.world.history.answer(send, records.ACKNOWLEDGED, "uuid")
        self.assert_found("lost", "is not in the log")

    def test_a_recipient_that_never_got_it(self):
        self.world.line(CAROL)
        row = self.world.send("to both", recipients=(BOB, CAROL))
        self.world.receive(self.line, row)
        self.assert_found("lost", "user 3 never received 'to both'")

    def test_a_message_of_unknown_outcome_that_is_logged_must_arrive_too(self):
        self.world.send("logged", outcome=records.UNKNOWN)
        self.assert_found("lost", "never received 'logged'")

    # --- What should not be there ---

    def test_logged_twice(self):
        row = self.world.send("twice")
        again = self.world.log(ALICE, "twice", (BOB,), uuid="another")
        for one in (row, again):
            self.world.receive(self.line, one)
        self.assert_found("wrong", "2 times in the log")

    def test_refused_and_logged(self):
        self.world.receive(self.line, self.world.send("no", outcome=records.REFUSED))
        self.assert_found("wrong", "refused and is in the log")

    def test_received_and_never_sent(self):
        row = self.world.send("real")
        self.world.receive(self.line, row)
        self.world.rows.pop()
        self.world.history.sends.clear()
        self.assert_found("wrong", "the log does not have for them")

    def test_logged_and_never_sent(self):
        self.world.receive(self.line, self.world.log(ALICE, "from nowhere", (BOB,)))
        self.assert_found("wrong", "never sent")

    def test_a_copy_for_the_sender(self):
        row = self.world.send("mine")
        self.world.receive(self.line, row)
        self.world.receive(self.world.line(ALICE), row)
        self.assert_found("wrong", "user 1 received what")

    def test_the_wrong_recipients(self):
        send = self.world.history.send(ALICE, "private", (BOB,))
        row = self.world.log(ALICE, "private", (BOB, CAROL))
        self.world.history.answer(send, records.ACKNOWLEDGED, row.uuid)
        self.world.receive(self.line, row)
        self.world.receive(self.world.line(CAROL), row)
        self.assert_found("wrong", "goes to [2, 3] instead of [2]")

    def test_a_body_that_was_changed_on_the_way(self):
        receipt = self.world.receive(self.line, self.world.send("hello"))
        receipt.body["data"] = "{}"
        self.assert_found("wrong", "received another 'hello'")

    def test_a_retry_with_another_answer(self):
        row = self.world.send("once")
        self.world.history.sends[0].uuids.add("another")
        self.world.receive(self.line, row)
        self.assert_found("wrong", "several answers")

    def test_a_gap_in_the_numbers(self):
        row = self.world.send("one")
        self.world.rows[0] = row.__class__(**dict(vars(row), seq=2))
        self.world.receive(self.line, row)
        self.assert_found("wrong", "not numbered densely")

    def test_the_wrong_number_on_a_frame(self):
        line = self.world.line(BOB, is_new=True)
        self.world.receive(line, self.world.send("one")).place = (1, 7)
        self.assert_found("wrong", "as (1, 7)")

    # --- Order ---

    def test_received_in_another_order_than_the_log(self):
        one, two = self.world.send("one"), self.world.send("two")
        for row in (two, one):
            self.world.receive(self.line, row)
        self.assert_found("reordered", "'one' (position 1) on line 0 behind 'two'")

    def test_also_between_conversations(self):
        one = self.world.send("one", conversation=1)
        two = self.world.send("two", conversation=2)
        for row in (two, one):
            self.world.receive(self.line, row)
        self.assert_found("reordered", "'one'")

    def test_also_over_two_lines_one_after_the_other(self):
        one, two = self.world.send("one"), self.world.send("two")
        self.world.receive(self.line, two)
        self.world.history.end_line(self.line, "reset")
        self.world.receive(self.world.line(BOB), one)
        self.assert_found("reordered", "'one'")

    def test_but_not_over_two_lines_at_once(self):
        one, two = self.world.send("one"), self.world.send("two")
        other = self.world.line(BOB)
        self.world.receive(other, two)
        self.world.receive(self.line, one)
        self.assert_good("acknowledged 2, lost 0, duplicated 0 (allowed 0), reordered 0")

    def test_a_log_that_contradicts_the_senders(self):
        for text in ("one", "two"):
            self.world.send(text)
        self.world.rows[:] = [row.__class__(**dict(vars(row), position=3 - row.position,
                                                   seq=3 - row.seq))
                              for row in reversed(self.world.rows)]
        for row in self.world.rows:
            self.world.receive(self.line, row)
        self.assert_found("reordered", "'one' was answered before 'two' was sent")

    # --- Duplicates ---

    def receive_twice(self, pong_after=None, end_after=None, is_new=False, other_line=True):
        world = self.world
        line = world.line(BOB, is_new)
        row = world.send("twice")
        receipt = world.receive(line, row)
        if pong_after is not None:
            receipt.ponged = world.tick(pong_after)
        if end_after is not None:
            world.tick(end_after)
            world.history.end_line(line, "reset")
        world.receive(world.line(BOB, is_new) if other_line else line, row)

    def test_again_after_a_break_before_the_pong(self):
        self.receive_twice(end_after=100)
        self.assert_good("acknowledged 1, lost 0, duplicated 1 (allowed 1), reordered 0")

    def test_again_after_a_break_right_behind_the_pong(self):
        self.receive_twice(pong_after=1, end_after=checker.GRACE / 2)
        self.assert_good("acknowledged 1, lost 0, duplicated 1 (allowed 1), reordered 0")

    def test_again_after_a_full_disk(self):
        self.world.history.troubles.append((2.0, 6.0))
        self.receive_twice(pong_after=1, end_after=10)
        self.assert_good("acknowledged 1, lost 0, duplicated 1 (allowed 1), reordered 0")

    def test_again_long_after_the_pong(self):
        self.receive_twice(pong_after=1, end_after=checker.GRACE * 2)
        self.assert_found("extra", "user 2 (old) received 'twice' again")

    def test_again_while_the_line_is_open(self):
        self.receive_twice()
        self.assert_found("extra", "line ended never")

    def test_again_on_the_same_line(self):
        self.receive_twice(other_line=False)
        self.assert_found("extra", "again on line 1")

    def test_again_to_a_client_that_acknowledges(self):
        self.receive_twice(end_after=1, is_new=True)
        self.assert_found("extra", "(new)")

    def test_a_third_time_counts_again(self):
        self.receive_twice(end_after=1)
        row = self.world.rows[-1]
        self.world.receive(self.world.line(BOB), row)
        self.assert_found("extra", "'twice'")
        self.assertEqual(self.world.check().summary(),
                         "acknowledged 1, lost 0, duplicated 2 (allowed 1), reordered 0")


class DumpTest(unittest.TestCase):
    def test_a_dump_is_json_lines_in_the_order_of_time(self):
        world = World()
        line = world.line(BOB)
        world.history.event("the server is killed")
        world.receive(line, world.send("one"))
        out = io.StringIO()
        world.history.dump(out)
        lines = [json.loads(text) for text in out.getvalue().splitlines()]
        self.assertEqual([next(key for key in one if key != "at") for one in lines],
                         ["line", "event", "send", "receipt"])


if __name__ == "__main__":
    unittest.main()
