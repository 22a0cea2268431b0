"""Heartbeats, and lines that show no sign of life."""
import chat
import stage


class HeartbeatTest(stage.Play):
    SETTINGS = chat.SETTINGS + ("--set", "gateway.heartbeat=1s")

    def test_every_connection_is_pinged_in_both_ways(self):
        bob, = self.old_clients("bob")
        carol, = self.new_clients("carol")
        for person in (bob, carol):
            line = person.line
            line.wait(lambda line=line: line.heartbeats >= 2 and len(line.client.pings) >= 2,
                      "no heartbeat")

    def test_a_visitor_too(self):
        visitor = self.visitor()
        visitor.line.wait(lambda: visitor.line.heartbeats >= 1, "no heartbeat")


class DeadLineTest(stage.Play):
    SETTINGS = chat.SETTINGS + ("--set", "gateway.heartbeat=1s", "--set", "gateway.dead_after=4s")

    def test_who_shows_no_sign_of_life_is_dropped_and_misses_nothing(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.line.client.answers_pings = False
        alice.sends(bob, "are you there?")
        bob.line.ends(1006)
        self.assertTrue(alice.line.is_open)
        bob.goes_online()
        bob.receives("are you there?")
        bob.receives_nothing_more()

    def test_whoever_answers_stays(self):
        alice, = self.old_clients("alice")
        alice.line.wait(lambda: alice.line.heartbeats >= 6, "dropped, or no heartbeat")
        self.assertTrue(alice.line.is_open)


if __name__ == "__main__":
    stage.main()
