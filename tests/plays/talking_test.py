"""Two people talk: E2, its order, being away, retries, who may write how much."""
import concurrent.futures
import json
import urllib.parse
import uuid

import chat
import stage

ONE_MESSAGE = "在成为好友之前，对方只允许向他发一条消息"
FRIENDS_ONLY = "对方设置成：需要您先成为他的好友才能发消息"
FRIENDS_ONLY_VISITOR = "你们不是好友关系，对方设置成：先登录才能发消息"
BLOCKED = "对方把你拉黑了，不能发送消息"
NOBODY = "对方不存在或者被禁用，不能发消息"


class TalkingTest(stage.Play):
    def test_a_message_reaches_the_other_one_and_never_its_sender(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "hi")
        self.assertEqual(bob.receives("hi", sender=alice, to_id=bob.id), sent)
        alice.receives_nothing_more()
        bob.receives_nothing_more()

    def test_the_message_object_is_the_contracts(self):
        alice, bob = self.old_clients("alice", "bob")
        sent = alice.sends(bob, "晚上吃什么", options={"a": 1})
        self.assertEqual(uuid.UUID(sent["id"]).version, 4)
        self.assertEqual(json.loads(sent["data"]),
                         {"data": "晚上吃什么", "dataType": False, "otherData": None})
        wanted = {"from_name": alice.name, "to_name": bob.name, "chatType": "single", "type": "text",
                  "options": {"a": 1}, "isremove": 0, "sendUUid": alice.account.uuid}
        self.assertEqual({key: sent[key] for key in wanted}, wanted)
        self.assertNotIn("group", sent)

    def test_messages_arrive_in_the_order_of_their_answers(self):
        alice, bob = self.old_clients("alice", "bob")
        texts = ["number %d" % i for i in range(200)]
        for text in texts:
            alice.sends(bob, text)
        bob.receives_all(texts, sender=alice)
        bob.receives_nothing_more()

    def test_two_writers_are_heard_in_one_order_by_everybody(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        for i in range(20):
            alice.sends(group, "a%d" % i)
            bob.sends(group, "b%d" % i)
        carol.receives_all([who + str(i) for i in range(20) for who in "ab"], group=group)

    def test_writing_to_oneself_arrives_once(self):
        alice, = self.old_clients("alice")
        alice.sends(alice, "note to self")
        alice.receives("note to self", sender=alice)
        alice.receives_nothing_more()

    def test_a_long_message_in_many_scripts(self):
        alice, bob = self.old_clients("alice", "bob")
        text = "青鸟 🐦 \u202e\t\n\"\\ <b> " * 200
        alice.sends(bob, text)
        bob.receives(text, sender=alice)

    def test_visitors_write_and_are_written_to(self):
        bob, = self.old_clients("bob")
        visitor = self.visitor()
        visitor.sends(bob, "hello from outside")
        bob.receives("hello from outside", sender=visitor, from_name=visitor.name)
        bob.sends(visitor, "welcome")
        visitor.receives("welcome", sender=bob)


class AwayTest(stage.Play):
    def test_what_was_missed_arrives_first_and_in_order(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        texts = ["missed %d" % i for i in range(300)]
        sent = [alice.sends(bob, text) for text in texts]
        bob.goes_online()
        alice.sends(bob, "live")
        self.assertEqual(bob.receives_all(texts, sender=alice), sent)
        bob.receives("live")
        bob.receives_nothing_more()

    def test_what_was_missed_from_several_people_keeps_the_order_of_sending(self):
        alice, carol = self.old_clients("alice", "carol")
        bob, = self.people_offline("bob")
        for i in range(10):
            alice.sends(bob, "a%d" % i)
            carol.sends(bob, "c%d" % i)
        bob.goes_online()
        bob.receives_all([who + str(i) for i in range(10) for who in "ac"])

    def test_asking_again_brings_nothing_again(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "once")
        bob.goes_online()
        bob.receives("once")
        bob.account.fetch_missed()
        bob.account.fetch_missed()
        bob.receives_nothing_more()

    def test_leaving_and_coming_back_brings_nothing_again(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "one")
        bob.receives("one")
        bob.line.has_acknowledged()
        bob.leaves()
        alice.sends(bob, "two")
        bob.goes_online()
        bob.receives("two")
        bob.receives_nothing_more()

    def test_a_client_that_leaves_at_once_after_reading_gets_nothing_twice(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "one")
        bob.receives("one")
        bob.leaves()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_asking_may_overtake_the_socket(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "early")
        self.assertEqual(bob.account.fetch_missed(), "ok")
        bob.opens_a_line().next_other("no welcome")
        bob.receives("early")
        bob.receives_nothing_more()

    def test_asking_without_ever_opening_a_socket_loses_nothing(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "kept")
        bob.account.fetch_missed()
        bob.account.fetch_missed()
        alice.sends(bob, "kept too")
        bob.goes_online()
        bob.receives_all(["kept", "kept too"])

    def test_a_client_that_never_asks_still_hears_what_is_said_now(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "missed")
        bob.opens_a_line().next_other("no welcome")
        alice.sends(bob, "live")
        bob.receives("live")
        bob.account.fetch_missed()
        bob.receives("missed")
        bob.receives_nothing_more()

    def test_a_visitor_has_the_same_queue(self):
        bob, = self.old_clients("bob")
        visitor = self.visitor()
        visitor.sends(bob, "question")
        visitor.line_breaks()
        bob.receives("question")
        bob.sends(visitor, "answer")
        visitor.goes_online()
        visitor.receives("answer", sender=bob)

    def test_what_was_missed_survives_a_server_that_dies(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "before")
        self.server_is_killed()
        self.server_starts_again()
        alice.sends(bob, "after")
        bob.goes_online()
        bob.receives_all(["before", "after"])


class RetryTest(stage.Play):
    def test_a_retry_has_the_same_answer_and_no_second_message(self):
        alice, bob = self.old_clients("alice", "bob")
        first = alice.sends(bob, "once", client_msg_id="m-1")
        again = alice.sends(bob, "once", client_msg_id="m-1")
        self.assertEqual(first, again)
        bob.receives("once")
        bob.receives_nothing_more()

    def test_a_retry_is_known_after_a_kill(self):
        alice, bob = self.old_clients("alice", "bob")
        first = alice.sends(bob, "once", client_msg_id="m-2")
        bob.receives("once")
        self.cursor_is_written(bob)
        self.server_is_killed()
        self.server_starts_again()
        self.assertEqual(alice.sends(bob, "once", client_msg_id="m-2"), first)
        bob.goes_online()
        bob.receives_nothing_more()

    def test_the_names_of_two_senders_do_not_meet(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        alice.sends(carol, "from alice", client_msg_id="same")
        bob.sends(carol, "from bob", client_msg_id="same")
        carol.receives_all(["from alice", "from bob"])

    def test_without_a_name_the_same_text_is_two_messages(self):
        alice, bob = self.old_clients("alice", "bob")
        self.assertNotEqual(alice.sends(bob, "twice")["id"], alice.sends(bob, "twice")["id"])
        bob.receives_all(["twice", "twice"])

    def test_a_group_message_is_retried_as_well(self):
        alice, bob = self.old_clients("alice", "bob")
        group = self.group(alice, bob)
        first = alice.sends(group, "all", client_msg_id="g-1")
        self.assertEqual(alice.sends(group, "all", client_msg_id="g-1"), first)
        bob.receives("all", group=group)
        bob.receives_nothing_more()


class StrangersTest(stage.Play):
    def test_one_message_before_friendship_also_when_nobody_is_there(self):
        alice, carol = self.old_clients("alice", "carol")
        bob, = self.people_offline("bob")
        bob.account.let_write(1)
        alice.sends(bob, "may I?")
        alice.may_not_send(bob, ONE_MESSAGE)
        bob.goes_online()
        bob.receives("may I?")
        alice.may_not_send(bob, ONE_MESSAGE)
        carol.sends(bob, "me too")
        bob.receives("me too", sender=carol)

    def test_answers_do_not_count_against_the_stranger(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.account.let_write(1)
        bob.account.let_write(1)
        bob.sends(alice, "first")
        alice.sends(bob, "answer")
        alice.may_not_send(bob, ONE_MESSAGE)
        bob.may_not_send(alice, ONE_MESSAGE)

    def test_friends_write_without_limit_and_lose_it_again(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.account.let_write(0)
        alice.may_not_send(bob, FRIENDS_ONLY)
        self.friends(alice, bob)
        for i in range(3):
            alice.sends(bob, str(i))
        bob.account.post("deletegoodfriend/%d" % alice.id)
        alice.may_not_send(bob, FRIENDS_ONLY)
        bob.receives_all(["0", "1", "2"])

    def test_two_sends_at_once_do_not_both_pass_the_limit(self):
        bob, = self.people_offline("bob")
        bob.account.let_write(1)
        alice = self.account("alice")
        copies = [alice.on_another_connection() for _ in range(8)]

        def tries(account):
            try:
                return account.send(bob.id, "me first")
            except chat.Refusal as refusal:
                return refusal.text

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(tries, copies))
        self.assertEqual(answers.count(ONE_MESSAGE), 7, answers)
        bob.goes_online()
        bob.receives("me first")
        bob.receives_nothing_more()

    def test_a_visitor_has_to_be_a_friend_where_only_friends_may_write(self):
        bob, = self.old_clients("bob")
        bob.account.let_write(2, visitor=0)
        visitor = self.visitor()
        visitor.may_not_send(bob, FRIENDS_ONLY_VISITOR)
        bob.receives_nothing_more()

    def test_who_is_blocked_cannot_write_and_the_other_one_can(self):
        alice, bob = self.old_clients("alice", "bob")
        self.friends(alice, bob)
        bob.account.post("setblackgoodfriend/%d" % alice.id)
        alice.may_not_send(bob, BLOCKED)
        bob.sends(alice, "I still can")
        alice.receives("I still can", sender=bob)
        bob.receives_nothing_more()

    def test_nobody_there(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.account.id = 10 ** 9
        alice.may_not_send(bob, NOBODY)


class FormTest(stage.Play):
    def send_raw(self, person, to, **fields):
        body = {"sendto_id": to.id, "chatType": "single", "type": "text", "data": {"data": "x"}}
        return person.account.post("socket/sendmessage", {**body, **fields})

    def test_plain_text_is_wrapped_so_that_no_client_breaks(self):
        alice, bob = self.old_clients("alice", "bob")
        self.send_raw(alice, bob, data="no JSON at all")
        bob.receives("no JSON at all")

    def test_nobody_writes_system_notices(self):
        alice, bob = self.old_clients("alice", "bob")
        with self.assertRaises(chat.Refusal) as caught:
            self.send_raw(alice, bob, type="systemNotice")
        self.assertIn(caught.exception.status, (400, 422))
        bob.receives_nothing_more()

    def test_every_kind_a_client_makes_passes_unchanged(self):
        alice, bob = self.old_clients("alice", "bob")
        for kind, data in (
                ("iconMenus", {"data": "😀", "dataType": "emoji",
                               "otherData": {"type": "iconMenus", "typedata": {"name": "笑"}}}),
                ("image", {"data": "/public/a.png", "dataType": "image",
                           "otherData": {"type": "image", "typedata": {"path": "x"}}}),
                ("audio", {"data": "/public/a.mp3", "dataType": "audio", "otherData": {"duration": 3}}),
                ("video", {"data": "/public/a.png", "dataType": "video",
                           "otherData": {"duration": "0:07", "showPoster": True}})):
            with self.subTest(kind=kind):
                self.send_raw(alice, bob, type=kind, data=data)
                message = bob.receives(data["data"], type=kind)
                self.assertEqual(json.loads(message["data"]), data)

    def test_options_that_cannot_be_read_are_null(self):
        alice, bob = self.old_clients("alice", "bob")
        self.send_raw(alice, bob, options="%7Bbroken")
        self.assertIsNone(bob.receives("x")["options"])
        self.send_raw(alice, bob, options=urllib.parse.quote('{"a":1}'))
        self.assertEqual(bob.receives("x")["options"], {"a": 1})


if __name__ == "__main__":
    stage.main()
