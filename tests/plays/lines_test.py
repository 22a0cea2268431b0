"""Sockets: how one is opened and greeted, what may be said on it, more than one of them."""
import itertools
import json
import urllib.parse

import chat
import stage
import ws_client

USER_GUIDES = ["setPassword", "groupList", "friendsList", "userInfoSet", "whoCanChatMe", "myQrcode",
               "search", "applyAddMeFriendSet", "AskAndAnswerSet"]
PICTURE = "/public/uploads/Diy/avatars/new.png"


class DoorTest(stage.Play):
    """Accepted first, then looked at: chat-realtime.md §1."""

    def is_shown_the_door(self, text, token):
        person = self.people_offline("bob")[0]
        line = person.opens_a_line(token=token)
        line.is_refused(text)

    def test_without_a_token(self):
        self.is_shown_the_door("缺少 token 参数", "")

    def test_with_a_token_that_is_none(self):
        self.is_shown_the_door("Token 不合法", "abc.def.ghi")

    def test_with_a_token_that_was_replaced(self):
        bob, = self.people_offline("bob")
        old = bob.account.token
        chat.login(self.server.port, bob.name)
        bob.opens_a_line(token=old).is_refused("Token 不合法")

    def test_after_logging_out(self):
        bob, = self.people_offline("bob")
        bob.account.post("logout")
        bob.opens_a_line().is_refused("Token 不合法")

    def test_other_paths_are_not_found(self):
        for path in ("/", "/ws2", "/api/ws", "/ws/x"):
            with self.subTest(path=path), self.assertRaises(ws_client.Refused) as caught:
                ws_client.WsClient(self.server.port, path)
            self.assertEqual(caught.exception.status, 404)


class GreetingTest(stage.Play):
    def guides(self, person, count):
        person.line.wait(lambda: len(person.line.guides) >= count, "guides are missing")
        return [one["from_id"].split("-")[1] for one in person.line.guides]

    def test_e1_and_e17_of_somebody_new(self):
        bob, = self.old_clients("bob")
        wanted = [name for name in USER_GUIDES if name not in ("groupList", "friendsList")]
        self.assertEqual(self.guides(bob, len(wanted)), wanted)
        for guide in bob.line.guides:
            self.assertEqual(guide["msgidKey"], guide["from_id"])
            self.assertTrue(guide["from_id"].endswith("-%d" % bob.id))
            self.assertEqual((guide["to_id"], guide["to_name"]), (bob.id, bob.name))
            self.assertEqual(guide["redirect"]["type"], "navigateTo")
            self.assertEqual((guide["chatType"], guide["type"], guide["options"]),
                             ("single", "text", {}))

    def test_e17_of_somebody_with_friends_and_groups(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        self.group(alice, bob)
        bob.goes_online()
        self.assertEqual(self.guides(bob, len(USER_GUIDES)), USER_GUIDES)

    def test_e17_of_a_visitor(self):
        visitor = self.visitor()
        self.assertEqual(self.guides(visitor, 2), ["whoCanChatMe", "visitorLogin"])

    def test_guides_are_never_kept(self):
        bob, = self.people_offline("bob")
        self.assertEqual(bob.account.fetch_missed(), "ok")
        bob.goes_online()
        bob.receives_nothing_more()

    def test_e18_greets_the_second_socket_after_a_new_picture(self):
        bob, = self.old_clients("bob")
        bob.account.post("updateUserinfo", {"fieldname": "avatar", "fieldValue": PICTURE})
        line = bob.goes_online()
        line.wait(lambda: any(one["redirect"].get("doaction") for one in line.guides), "no E18")
        notice = next(one for one in line.guides if one["redirect"].get("doaction"))
        self.assertEqual((notice["from_id"], notice["from_avatar"], notice["from_name"]),
                         ("redirect-userInfoSet-%d" % bob.id, PICTURE, "头像更换成功"))
        self.assertEqual(chat.inner_text(notice), "不满意你的头像可以继续更换")
        self.assertEqual(notice["redirect"]["doaction"], "avatar")
        self.assertTrue(bob.lines[0].is_open)

    def test_e18_is_for_pictures_only(self):
        bob, = self.old_clients("bob")
        bob.account.post("updateUserinfo", {"fieldname": "nickname", "fieldValue": "老王"})
        line = bob.goes_online()
        self.assertIn("AskAndAnswerSet", self.guides(bob, len(USER_GUIDES) - 2))
        self.assertFalse(any(one["redirect"].get("doaction") for one in line.guides))


class TalkingBackTest(stage.Play):
    """What clients say on a socket: §3."""

    def pong(self, line):
        answer = line.next_other("no pong")
        self.assertEqual(answer["type"], "pong")
        self.assertIsInstance(answer["timestamp"], int)

    def test_every_form_of_ping(self):
        bob, = self.old_clients("bob")
        for text in ('{"type":"ping"}', "ping",
                     json.dumps({"type": "ping", "token": bob.account.token, "timestamp": 1})):
            with self.subTest(text=text):
                bob.line.client.send_text(text)
                self.pong(bob.line)
        bob.line.client.send_frame(ws_client.BINARY, b'{"type":"ping"}')
        self.pong(bob.line)

    def test_a_ping_with_a_wrong_token_gets_no_answer(self):
        bob, = self.old_clients("bob")
        bob.line.send({"type": "ping", "token": "abc"})
        bob.line.checks_in()
        self.assertEqual(bob.line.other, [])

    def test_what_nobody_understands_is_ignored(self):
        bob, = self.old_clients("bob")
        for text in ("", "hello", "{", "[]", "null", '{"type":7}', '{"type":"pong"}', '{"a":' * 90,
                     '{"type":"ack"}', '{"type":"ack","acks":[[1]]}', '{"type":"sync"}'):
            bob.line.client.send_text(text)
        bob.line.checks_in()
        bob.receives_nothing_more()

    def test_a_message_in_pieces(self):
        bob, = self.old_clients("bob")
        bob.line.client.send_frame(ws_client.TEXT, b'{"type":', is_final=False)
        bob.line.client.ping(b"between")
        bob.line.client.send_frame(ws_client.CONTINUATION, b'"ping"}')
        self.pong(bob.line)

    def test_broken_frames_end_the_connection_with_their_code(self):
        for code, data in ((1007, ws_client.encode(ws_client.TEXT, b"\xff")),
                           (1002, ws_client.encode(ws_client.TEXT, b"x", mask=False)),
                           (1002, ws_client.encode(0x3, b"x")),
                           (1009, ws_client.encode(ws_client.TEXT, b"x" * (1 << 20)))):
            with self.subTest(code=code):
                bob, = self.old_clients("bob")
                bob.line.client.send_bytes(data)
                bob.line.ends(code)

    def test_a_clients_close_code_comes_back(self):
        for code in (1000, 1001, 4001):
            with self.subTest(code=code):
                bob, = self.old_clients("bob")
                bob.line.client.close(code)
                bob.line.ends(code)


class SeveralLinesTest(stage.Play):
    """Sockets of one token: nothing is closed, the newest one gets the messages (§9)."""

    def hears_nothing(self, line):
        line.checks_in()
        self.assertEqual((line.waiting, line.other), ([], []))

    def test_the_newest_gets_the_messages_and_none_is_closed(self):
        alice, bob = self.old_clients("alice", "bob")
        first = bob.line
        alice.sends(bob, "one")
        bob.receives("one")
        bob.goes_online()
        alice.sends(bob, "two")
        bob.receives("two")
        bob.receives_nothing_more()
        self.hears_nothing(first)
        self.assertTrue(first.is_open)

    def test_nothing_comes_twice_when_a_second_one_opens_at_once(self):
        alice, bob = self.old_clients("alice", "bob")
        for i in range(5):
            alice.sends(bob, str(i))
        bob.receives_all(map(str, range(5)))
        bob.goes_online()
        bob.receives_nothing_more()

    def test_the_older_one_closes_first(self):
        for end in ("close", "reset", "abandon"):
            with self.subTest(end=end):
                alice, bob = self.old_clients("alice", "bob")
                first = bob.line
                bob.goes_online()
                getattr(first.client, end)()
                first.client.wait_ended(stage.BOUND)
                alice.sends(bob, "still here?")
                bob.receives("still here?")
                bob.receives_nothing_more()

    def test_the_newest_closes_first_and_the_older_one_takes_over(self):
        for end in ("close", "reset", "abandon"):
            with self.subTest(end=end):
                alice, bob = self.old_clients("alice", "bob")
                bob.goes_online()
                alice.sends(bob, "to the second")
                bob.receives("to the second")
                bob.line.has_acknowledged()
                getattr(bob.line.client, end)()
                bob.line.client.wait_ended(stage.BOUND)
                bob.lines.pop()
                alice.sends(bob, "to the first")
                bob.receives("to the first")
                bob.receives_nothing_more()

    def test_what_the_newest_never_acknowledged_comes_on_the_older_one(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.goes_online(answers_pings=False).client.stop_reading()
        for i in range(3):
            alice.sends(bob, "lost %d" % i)
        bob.lines.pop().client.reset()
        bob.receives_all(["lost 0", "lost 1", "lost 2"])
        bob.receives_nothing_more()

    def test_a_changed_profile_opens_a_second_one(self):
        alice, bob = self.old_clients("alice", "bob")
        first = bob.line
        bob.account.post("updateUserinfo", {"fieldname": "nickname", "fieldValue": "老王"})
        bob.goes_online()
        alice.sends(bob, "new name")
        bob.receives("new name", to_name="老王")
        self.hears_nothing(first)

    def test_a_visitor_who_registers_again_keeps_the_first(self):
        visitor = self.visitor()
        first = visitor.line
        visitor.account = chat.visit(self.server.port, visitor.account.device)
        visitor.goes_online()
        first.checks_in()
        self.assertTrue(first.is_open)
        self.assertTrue(visitor.line.is_open)


class StormPlay(stage.Play):
    def opens_until_refused(self, person, most, is_kept, tokens=itertools.repeat(None)):
        for token in itertools.islice(tokens, most):
            try:
                line = person.opens_a_line(token=token)
            except ws_client.Refused as refused:
                return refused
            if not is_kept:
                line.client.abandon()
                person.lines.remove(line)
        return self.stop("nobody was refused")

    def check_refusal(self, refusal):
        self.assertEqual(refusal.status, 503)
        self.assertRegex(refusal.headers.get("retry-after", ""), r"^\d+$")


class StormTest(StormPlay):
    def test_a_session_has_so_many_sockets_and_loses_none_by_asking_for_more(self):
        alice, bob = self.old_clients("alice", "bob")
        self.check_refusal(self.opens_until_refused(bob, 100, is_kept=True))
        for line in bob.lines:
            line.checks_in()
            self.assertTrue(line.is_open)
        alice.sends(bob, "to one of them")
        bob.receives("to one of them")
        bob.receives_nothing_more()

    def test_a_client_that_opens_and_opens_is_refused_cheaply(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        keeps = bob.line
        self.check_refusal(self.opens_until_refused(bob, 500, is_kept=False))
        carol.goes_online()
        alice.sends(bob, "still there?")
        bob.receives("still there?")
        self.assertTrue(keeps.is_open)


class StormOfAnAddressTest(StormPlay):
    SETTINGS = tuple(one.replace("per_address=false", "per_address=true") for one in chat.SETTINGS)

    def test_an_address_that_storms_is_refused_and_those_connected_stay(self):
        alice, bob = self.old_clients("alice", "bob")
        stranger = self.people_offline("stranger")[0]
        tokens = ("none%d" % i for i in itertools.count())
        self.check_refusal(self.opens_until_refused(stranger, 5_000, is_kept=False, tokens=tokens))
        alice.sends(bob, "calm")
        bob.receives("calm")


class RedactionTest(stage.Play):
    SETTINGS = tuple(one.replace("log.level=warn", "log.level=debug") for one in chat.SETTINGS)

    def test_neither_tokens_nor_messages_are_in_the_log(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "a-secret-thing")
        bob.receives("a-secret-thing")
        bob.leaves()
        log = self.server.log()
        self.assertNotIn("a-secret-thing", log)
        for person in (alice, bob):
            self.assertNotIn(person.account.token, log)
            self.assertNotIn(urllib.parse.quote(person.account.token), log)


if __name__ == "__main__":
    stage.main()
