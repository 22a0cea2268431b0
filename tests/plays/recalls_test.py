"""Taking messages back: E14, to those who have the message and those who have not yet."""
import chat
import stage

NOT_YOURS = "消息不存在或者不是您发送的，不能撤回"


class RecallTest(stage.Play):
    def refused(self, person, message, text):
        with self.assertRaises(chat.Refusal) as caught:
            person.recalls(message)
        self.assertEqual((caught.exception.status, caught.exception.text), (400, text))

    def test_the_other_one_learns_of_it_and_the_recaller_gets_only_the_answer(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "oops")
        bob.receives("oops")
        answer = alice.recalls(sent)
        self.assertEqual(bob.receives_recall_of(sent, alice.name + "撤回了一条消息"), answer)
        alice.receives_nothing_more()
        bob.receives_nothing_more()

    def test_recalled_before_it_was_delivered(self):
        """The original may be left out, but not come without or behind the recall."""
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "before")
        sent = alice.sends(bob, "oops")
        alice.recalls(sent)
        alice.sends(bob, "after")
        bob.goes_online()
        bob.receives("before")
        news = bob.line.next_message("neither the recall nor the message")
        if news.get("actionType") != "revoke" and chat.inner_text(news) == "oops":
            bob.receives_recall_of(sent)
        bob.skips_to("after")
        bob.receives_nothing_more()

    def test_delivered_and_recalled_while_away(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "oops")
        bob.receives("oops")
        bob.line.has_acknowledged()
        bob.leaves()
        alice.recalls(sent)
        bob.goes_online()
        bob.receives_recall_of(sent)
        bob.receives_nothing_more()

    def test_everybody_in_a_group_learns_of_it_also_the_recaller(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        sent = bob.sends(group, "oops")
        for person in (alice, carol):
            person.receives("oops", group=group)
        bob.recalls(sent)
        for person in (alice, bob, carol):
            person.receives_recall_of(sent, bob.name + " 撤回了一条消息")
            person.receives_nothing_more()

    def test_only_the_author_recalls(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        sent = alice.sends(group, "mine")
        self.refused(bob, sent, NOT_YOURS)
        single = alice.sends(carol, "mine too")
        self.refused(bob, single, NOT_YOURS)
        self.refused(carol, single, NOT_YOURS)
        carol.receives_all(["mine", "mine too"])
        carol.receives_nothing_more()

    def test_a_second_recall_tells_nobody_again(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "oops")
        bob.receives("oops")
        self.assertEqual(alice.recalls(sent), alice.recalls(sent))
        bob.receives_recall_of(sent)
        bob.receives_nothing_more()

    def test_the_clients_clock_does_not_matter(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "oops")
        bob.receives("oops")
        alice.recalls(dict(sent, create_time=sent["create_time"] - 3_000))
        bob.receives_recall_of(sent)

    def test_long_names_and_pictures_are_no_obstacle(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "oops")
        bob.receives("oops")
        alice.recalls(dict(sent, to_name="n" * 80, to_avatar="/a" * 2_000))
        bob.receives_recall_of(sent)


if __name__ == "__main__":
    stage.main()
