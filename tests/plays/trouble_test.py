"""Lines that break, hang or are slow, and a server that dies: nothing is lost (§8, §9)."""
import chat
import stage

LARGE = "x" * 30_000  # characters; a message may have 32 KiB


class BrokenLineTest(stage.Play):
    def test_what_was_acknowledged_does_not_come_again(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "one")
        bob.receives("one")
        bob.line.has_acknowledged()
        bob.line_breaks()
        alice.sends(bob, "two")
        bob.goes_online()
        bob.receives("two")
        bob.receives_nothing_more()

    def test_everything_behind_a_dead_line_comes_after_it_broke(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "read")
        bob.receives("read")
        bob.line.has_acknowledged()
        bob.line_goes_dead()
        unread = ["unread %d" % i for i in range(20)]
        for text in unread:
            alice.sends(bob, text)
        bob.line_breaks()
        bob.goes_online()
        bob.receives_all(unread)
        bob.receives_nothing_more()

    def test_a_client_comes_back_beside_its_dead_line(self):
        """A phone changes its network: the server cannot see that the old line is dead."""
        alice, bob = self.old_clients("alice", "bob")
        bob.line_goes_dead()
        unread = ["unread %d" % i for i in range(20)]
        for text in unread:
            alice.sends(bob, text)
        bob.goes_online()
        alice.sends(bob, "newer")
        bob.receives_all(unread + ["newer"])
        bob.receives_nothing_more()

    def test_a_client_that_closes_without_having_read_misses_nothing(self):
        """Its kernel has taken the bytes; the client has thrown them away."""
        alice, bob = self.old_clients("alice", "bob")
        bob.line_goes_dead()
        alice.sends(bob, "unread")
        self.prompts_somebody_else()
        bob.line.client.close(1000)
        bob.line.client.read_on()
        bob.line.client.wait_ended(stage.BOUND)
        bob.goes_online()
        bob.receives("unread")

    def prompts_somebody_else(self):
        """Once this one has heard, the message has been written to everybody."""
        carol, = self.old_clients("carol")
        carol.receives_nothing_more()

    def test_a_half_closed_line_loses_nothing(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.line.client.half_close()
        alice.sends(bob, "are you there?")
        bob.line.ends(1006)
        bob.goes_online()
        if not bob.lines[0].waiting:
            bob.receives("are you there?")

    def test_a_message_that_was_read_but_not_acknowledged_may_come_again_in_order(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.line.client.answers_pings = False
        alice.sends(bob, "one")
        bob.receives("one")
        bob.line_breaks()
        alice.sends(bob, "two")
        bob.goes_online()
        bob.receives_all(["one", "two"])
        bob.receives_nothing_more()


class KilledServerTest(stage.Play):
    def test_killed_between_the_answer_and_the_delivery(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.line_goes_dead()
        texts = ["answered %d" % i for i in range(20)]
        for text in texts:
            alice.sends(bob, text)
        self.server_is_killed()
        bob.line_breaks()
        self.server_starts_again()
        bob.goes_online()
        bob.receives_all(texts)
        bob.receives_nothing_more()

    def test_killed_right_behind_every_answer(self):
        alice, bob = self.people_offline("alice", "bob")
        for i in range(5):
            bob.goes_online()
            alice.sends(bob, "answered %d" % i)
            self.server_is_killed()
            self.server_starts_again()
            bob.line.ends(1006)
        bob.goes_online()
        heard = [chat.inner_text(one["data"]) for line in bob.lines[:-1] for one in line.waiting]
        while "answered 4" not in heard:
            heard.append(chat.inner_text(bob.line.next_message("an answered message is lost")))
        wanted = ["answered %d" % i for i in range(5)]
        self.assertEqual(list(dict.fromkeys(heard)), wanted)

    def test_what_was_acknowledged_before_the_kill_does_not_come_again(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "one")
        bob.receives("one")
        self.cursor_is_written(bob)
        self.server_is_killed()
        self.server_starts_again()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_a_group_after_a_kill(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        alice.sends(group, "before")
        for person in (bob, carol):
            person.receives("before")
            person.line.has_acknowledged()
        carol.line_goes_dead()
        alice.sends(group, "between")
        bob.receives("between")
        self.server_is_killed()
        carol.line_breaks()
        self.server_starts_again()
        for person in (alice, carol):
            person.goes_online()
        alice.sends(group, "after")
        carol.skips_to("between")
        carol.receives("after")


class SlowReaderTest(stage.Play):
    def writes_a_lot(self, alice, bob, count=400):
        texts = ["%03d %s" % (i, LARGE) for i in range(count)]
        for text in texts:
            alice.sends(bob, text)
        return texts

    def test_who_reads_too_slowly_is_dropped_and_finds_everything_in_the_log(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        bob.goes_online(receive_buffer=4096, answers_pings=False)
        bob.line.client.stop_reading()
        texts = self.writes_a_lot(alice, bob)
        bob.line.client.read_on()
        bob.line.ends(1006)
        heard = [chat.inner_text(one["data"]) for one in bob.line.waiting]
        self.assertEqual(heard, texts[:len(heard)], "what came before the drop is out of order")
        self.assertLess(len(heard), len(texts), "nothing was dropped: the queue has no bound")
        bob.goes_online()
        while texts[-1] not in heard:
            heard.append(chat.inner_text(bob.line.next_message("missing after the overflow")))
        self.assertEqual(list(dict.fromkeys(heard)), texts)
        bob.receives_nothing_more()

    def test_others_do_not_wait_for_a_slow_reader(self):
        alice, carol = self.old_clients("alice", "carol")
        bob, = self.people_offline("bob")
        group = self.group(alice, bob, carol)
        bob.goes_online(receive_buffer=4096)
        bob.line.client.stop_reading()
        for i in range(100):
            alice.sends(group, "%03d %s" % (i, LARGE))
        for i in range(100):
            carol.receives("%03d %s" % (i, LARGE))

    def test_who_reads_slowly_but_reads_gets_a_long_backlog_whole(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        texts = self.writes_a_lot(alice, bob, 150)
        bob.goes_online(receive_buffer=4096)
        bob.receives_all(texts)
        bob.receives_nothing_more()


if __name__ == "__main__":
    stage.main()
