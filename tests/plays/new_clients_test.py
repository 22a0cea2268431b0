"""Clients that acknowledge (ack=1): no message is lost and none comes twice."""
import stage

FAR_AHEAD = 10 ** 9


class NewClientTest(stage.Play):
    def test_messages_are_numbered_without_gaps(self):
        alice, = self.old_clients("alice")
        bob, = self.new_clients("bob")
        for i in range(20):
            alice.sends(bob, str(i))
        bob.line.wait(lambda: len(bob.line.waiting) == 20, "messages are missing")
        frames = bob.line.waiting
        self.assertEqual(len({one["conversation"] for one in frames}), 1)
        first = frames[0]["seq"]
        self.assertEqual([one["seq"] for one in frames], list(range(first, first + 20)))

    def test_sync_brings_what_was_missed_and_says_when_it_is_through(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        for i in range(300):
            alice.sends(bob, str(i))
        line = bob.goes_online()
        self.assertEqual(line.next_other("no synced"), {"type": "synced"})
        self.assertEqual(len(line.waiting), 300)
        bob.receives_all(map(str, range(300)))
        bob.receives_nothing_more()

    def test_sync_with_nothing_missed_is_answered_too(self):
        bob, = self.new_clients("bob")
        self.assertEqual(bob.line.next_other("no synced"), {"type": "synced"})
        bob.line.send({"type": "sync"})
        self.assertEqual(bob.line.next_other("no synced"), {"type": "synced"})

    def test_what_is_not_acknowledged_comes_again(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        bob.goes_online(acks=False)
        alice.sends(bob, "one")
        alice.sends(bob, "two")
        bob.receives_all(["one", "two"])
        bob.places = {}
        bob.line_breaks()
        bob.goes_online()
        bob.receives_all(["one", "two"])
        bob.receives_nothing_more()

    def test_an_acknowledgement_covers_everything_before_it(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        bob.goes_online(acks=False)
        for i in range(10):
            alice.sends(bob, str(i))
        bob.line.wait(lambda: len(bob.line.waiting) == 10, "messages are missing")
        bob.line.acknowledge(bob.line.waiting[6])
        bob.line.checks_in()
        bob.places = {}
        bob.line_breaks()
        bob.goes_online()
        bob.receives_all(["7", "8", "9"])
        bob.receives_nothing_more()

    def test_who_acknowledges_first_after_a_break_sees_nothing_twice(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        for i in range(5):
            bob.goes_online(acks=False)
            alice.sends(bob, str(i))
            bob.receives(str(i))
            bob.line_breaks()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_not_even_after_a_kill(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        bob.goes_online(acks=False)
        for i in range(5):
            alice.sends(bob, str(i))
        bob.receives_all(map(str, range(5)))
        self.server_is_killed()
        self.server_starts_again()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_acknowledging_what_was_never_sent_loses_nothing(self):
        alice, = self.old_clients("alice")
        bob, = self.new_clients("bob")
        alice.sends(bob, "one")
        bob.line.wait(lambda: bob.line.waiting, "nothing came")
        conversation = bob.line.waiting[0]["conversation"]
        bob.line.send({"type": "ack", "acks": [[conversation, FAR_AHEAD], [FAR_AHEAD, 1], [0, 0]]})
        bob.receives("one")
        bob.line.checks_in()
        bob.line_breaks()
        bob.places = {}
        alice.sends(bob, "two")
        bob.goes_online()
        bob.receives("two")
        bob.receives_nothing_more()

    def test_notices_and_groups_are_numbered_as_well(self):
        alice, = self.old_clients("alice")
        bob, = self.new_clients("bob")
        group = self.group(alice, bob)
        alice.sends(group, "hello")
        bob.receives("hello", group=group)
        self.assertGreaterEqual(len(bob.places), 2)
        bob.line.checks_in()
        bob.line_breaks()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_old_and_new_clients_talk(self):
        alice, = self.old_clients("alice")
        bob, = self.new_clients("bob")
        sent = alice.sends(bob, "hi")
        self.assertEqual(bob.receives("hi"), sent)
        sent = bob.sends(alice, "hello")
        self.assertEqual(alice.receives("hello"), sent)

    def test_a_slow_reader_of_the_new_kind_is_healed_too(self):
        alice, = self.old_clients("alice")
        bob = self.person("bob", is_new=True, is_online=False)
        bob.goes_online(receive_buffer=4096)
        bob.line.client.stop_reading()
        texts = ["%03d %s" % (i, "x" * 30_000) for i in range(300)]
        for text in texts:
            alice.sends(bob, text)
        bob.line.client.read_on()
        bob.line.ends(1006)
        before = [stage.chat.inner_text(one["data"]) for one in bob.line.waiting]
        bob.goes_online()
        bob.receives_all(texts[len(before):])
        self.assertEqual(before, texts[:len(before)])
        bob.receives_nothing_more()


if __name__ == "__main__":
    stage.main()
