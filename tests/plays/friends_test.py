"""Becoming friends: E4 and E5, to those who are there and to those who come later."""
import stage


class FriendsTest(stage.Play):
    def asks(self, applicant, other, text="hi"):
        applicant.account.post("applyfriend", {"friend_id": other.id, "nickname": text})

    def agrees(self, person, remark=""):
        requests = person.account.get("listapplyfriend/1")["alldata"]
        person.account.post("handleapply/%d" % requests[0]["id"],
                            {"status": "agree", "nickname": remark})

    def check_request(self, person, applicant):
        sender = "redirect-applyFriend-%d" % applicant.id
        notice = person.receives("用户[%s]申请添加您为好友，请尽快处理" % applicant.name,
                                 chatType="single", type="text", from_name="好友申请提醒",
                                 from_id=sender, msgidKey=sender, to_id=person.id)
        self.assertEqual(notice["redirect"], {"url": "/pages/applyMyfriend/applyMyfriend",
                                              "type": "navigateTo"})

    def test_e4_a_request_is_told_to_the_one_asked(self):
        alice, bob = self.old_clients("alice", "bob")
        self.asks(alice, bob)
        self.check_request(bob, alice)
        for person in (alice, bob):
            person.receives_nothing_more()

    def test_e4_waits_for_who_is_away(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        self.asks(alice, bob)
        bob.goes_online()
        self.check_request(bob, alice)
        bob.receives_nothing_more()

    def test_e5_both_are_told(self):
        alice, bob = self.old_clients("alice", "bob")
        self.asks(alice, bob)
        self.check_request(bob, alice)
        self.agrees(bob, "小李")
        one = alice.receives(stage.FRIENDS_NOW, sender=bob, to_id=alice.id, type="systemNotice")
        other = bob.receives(stage.FRIENDS_NOW, sender=alice, to_id=bob.id, from_name="小李")
        self.assertEqual((one["id"], one["create_time"]), (other["id"], other["create_time"]))
        for message in (one, other):
            self.assertNotIn("group", message)
            self.assertNotIn("sendUUid", message)
        for person in (alice, bob):
            person.receives_nothing_more()

    def test_e5_waits_for_both(self):
        alice, bob = self.people_offline("alice", "bob")
        alice.account.befriend(bob.account)
        for person, other in ((alice, bob), (bob, alice)):
            person.goes_online()
            person.receives(stage.FRIENDS_NOW, sender=other)
            person.receives_nothing_more()

    def test_a_visitor_makes_friends(self):
        bob, = self.old_clients("bob")
        visitor = self.visitor()
        visitor.account.befriend(bob.account)
        visitor.receives(stage.FRIENDS_NOW, sender=bob)
        bob.receives(stage.FRIENDS_NOW, sender=visitor)

    def test_nobody_is_told_of_a_refusal_or_an_end(self):
        alice, bob = self.old_clients("alice", "bob")
        self.asks(alice, bob)
        self.check_request(bob, alice)
        requests = bob.account.get("listapplyfriend/1")["alldata"]
        bob.account.post("handleapply/%d" % requests[0]["id"], {"status": "refuse", "nickname": ""})
        self.friends(alice, bob)
        alice.account.post("deletegoodfriend/%d" % bob.id)
        for person in (alice, bob):
            person.receives_nothing_more()


if __name__ == "__main__":
    stage.main()
