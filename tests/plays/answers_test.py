"""Automatic answers: E15 to the asker and E16 to the owner, 1.2 s behind the question."""
import json
import time

import stage

DELAY = 1.2  # seconds
HEAD = "系统根据您设置的问答数据，挑选了最接近的答案，回复给对方，回复内容是：\n\n "


class AnswersTest(stage.Play):
    def prepares(self, owner, ask="怎么收费", answer="每月十元"):
        owner.account.post("askanswer/create", {"ask": ask, "answer": answer, "type": "single",
                                                "create_userId": owner.id})

    def test_e15_and_e16(self):
        alice, bob = self.old_clients("alice", "bob")
        self.prepares(bob)
        asked = time.monotonic()
        question = alice.sends(bob, "收费", options={"askanswer": True})
        bob.receives("收费", sender=alice)
        answer = alice.receives("每月十元", sender=bob, to_id=alice.id, type="text", options={})
        self.assertGreater(time.monotonic() - asked, DELAY * 0.9)
        self.assertEqual(answer["sendUUid"], bob.account.uuid)
        self.assertIsInstance(answer["data"], str)
        told = bob.receives(HEAD + "每月十元", sender=alice, type="systemNotice", options={},
                            id=answer["id"], create_time=answer["create_time"])
        self.assertEqual(told["sendUUid"], alice.account.uuid)
        self.assertNotEqual(answer["id"], question["id"])
        self.assertEqual(json.loads(told["data"])["data"], HEAD + "每月十元")
        for person in (alice, bob):
            person.receives_nothing_more()

    def test_the_owner_may_be_away(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        self.prepares(bob)
        alice.sends(bob, "收费", options={"askanswer": True})
        alice.receives("每月十元", sender=bob)
        bob.goes_online()
        bob.receives("收费")
        bob.receives(HEAD + "每月十元")
        bob.receives_nothing_more()

    def test_the_asker_may_be_gone(self):
        alice, bob = self.old_clients("alice", "bob")
        self.prepares(bob)
        alice.sends(bob, "收费", options={"askanswer": True})
        alice.leaves()
        bob.receives("收费")
        bob.receives(HEAD + "每月十元")
        alice.goes_online()
        alice.receives("每月十元", sender=bob)
        alice.receives_nothing_more()

    def test_only_who_asks_for_an_answer_gets_one(self):
        alice, bob = self.old_clients("alice", "bob")
        self.prepares(bob)
        alice.sends(bob, "收费")
        alice.sends(bob, "收费", options={"askanswer": True})
        alice.receives("每月十元")
        alice.receives_nothing_more()
        bob.receives_all(["收费", "收费", HEAD + "每月十元"])
        bob.receives_nothing_more()

    def test_a_question_that_fits_nothing_is_not_answered(self):
        alice, bob = self.old_clients("alice", "bob")
        self.prepares(bob)
        alice.sends(bob, "zebra", options={"askanswer": True})
        alice.sends(bob, "收费", options={"askanswer": True})
        alice.receives("每月十元")
        alice.receives_nothing_more()
        bob.receives_all(["zebra", "收费", HEAD + "每月十元"])


if __name__ == "__main__":
    stage.main()
