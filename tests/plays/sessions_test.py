"""Sessions that end while somebody is connected: kicked, disabled, logged out; stops."""
import chat
import stage

DISABLED = "你已被管理员禁用"
GRACE = 10  # seconds between a logout and the drop


class KickTest(stage.Play):
    def test_logging_in_elsewhere_kicks_the_old_device(self):
        alice, bob = self.old_clients("alice", "bob")
        old = bob.line
        bob.account = chat.login(self.server.port, bob.name)
        old.is_kicked()
        bob.goes_online()
        alice.sends(bob, "to the new one")
        bob.receives("to the new one")

    def test_all_sockets_of_the_old_device_are_kicked(self):
        bob, = self.old_clients("bob")
        bob.goes_online()
        bob.account = chat.login(self.server.port, bob.name)
        for line in bob.lines:
            line.is_kicked()

    def test_what_the_old_device_missed_goes_to_the_new_one(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.line_goes_dead()
        for i in range(3):
            alice.sends(bob, "unread %d" % i)
        bob.account = chat.login(self.server.port, bob.name)
        bob.goes_online()
        bob.receives_all(["unread 0", "unread 1", "unread 2"])
        bob.receives_nothing_more()

    def test_a_kicked_device_goes_on_as_a_visitor_and_kicks_nobody(self):
        alice, = self.old_clients("alice")
        phone = self.visitor()
        name = self.new_name("bob")
        account = chat.register(self.server.port, name)
        account.let_write(2)
        bob = stage.Person(self, account)
        self.people.append(bob)
        bob.goes_online()
        bob.account = chat.login(self.server.port, name)
        bob.line.is_kicked()
        bob.goes_online()
        phone.account = chat.visit(self.server.port, phone.account.device)
        phone.goes_online()
        alice.sends(bob, "who is it now?")
        bob.receives("who is it now?")
        self.assertTrue(bob.line.is_open)


class DisabledTest(stage.Play):
    def test_a_disabled_account_is_told_and_closed(self):
        alice, bob = self.old_clients("alice", "bob")
        self.operator.set_user_status(bob, 0)
        bob.line.is_refused(DISABLED)
        alice.may_not_send(bob, "对方不存在或者被禁用，不能发消息")

    def test_what_was_missed_waits_for_the_account_to_be_enabled_again(self):
        alice, = self.old_clients("alice")
        bob, = self.people_offline("bob")
        alice.sends(bob, "before")
        self.operator.set_user_status(bob, 0)
        self.operator.set_user_status(bob, 1)
        bob.account = chat.login(self.server.port, bob.name)
        bob.goes_online()
        bob.receives("before")

    def test_a_new_password_from_the_console_ends_the_session(self):
        bob, = self.old_clients("bob")
        self.operator.reset_password(bob)
        bob.line.is_kicked()


class LogoutTest(stage.Play):
    def test_nothing_is_delivered_after_a_logout_and_the_client_closes_by_itself(self):
        alice, bob = self.old_clients("alice", "bob")
        bob.account.post("logout")
        alice.sends(bob, "too late")
        alice.receives_nothing_more()
        bob.line.checks_in()
        self.assertEqual((bob.line.waiting, bob.line.other), ([], []))
        self.assertTrue(bob.line.is_open)
        bob.leaves()
        bob.account = chat.login(self.server.port, bob.name)
        bob.goes_online()
        bob.receives("too late")

    def test_a_client_that_does_not_close_is_dropped_without_a_close_frame(self):
        bob, = self.old_clients("bob")
        bob.account.post("logout")
        bob.line.client.wait_ended(GRACE + stage.BOUND)
        bob.line.ends(1006)


class StopTest(stage.Play):
    def test_a_stop_closes_nobody(self):
        """1006 makes clients come back; any other code logs them out."""
        alice, bob = self.old_clients("alice", "bob")
        carol, = self.new_clients("carol")
        self.server_stops()
        for person in (alice, bob, carol):
            person.line.ends(1006)
        self.server_starts_again()
        for person in (alice, bob, carol):
            person.goes_online()
        alice.sends(bob, "back again")
        bob.receives("back again")

    def test_a_stop_keeps_what_has_arrived_in_mind(self):
        alice, bob = self.old_clients("alice", "bob")
        alice.sends(bob, "once")
        bob.receives("once")
        bob.line.has_acknowledged()
        self.server_stops()
        self.server_starts_again()
        bob.goes_online()
        bob.receives_nothing_more()

    def test_a_busy_server_stops_as_well(self):
        alice, = self.old_clients("alice")
        people = self.old_clients(*["m%d" % i for i in range(10)])
        group = self.group(alice, *people)
        texts = ["text %d" % i for i in range(30)]
        for text in texts:
            alice.sends(group, text)
        self.server_stops()
        self.server_starts_again()
        for person in people:
            person.line.ends(1006)
            heard = [chat.inner_text(one["data"]) for one in person.line.waiting]
            heard = [text for text in heard if text in texts]
            self.assertEqual(heard, texts[:len(heard)])
            person.goes_online()
            missing = texts[len(heard):]
            if missing:
                person.skips_to(missing[0])
                person.receives_all(missing[1:])


if __name__ == "__main__":
    stage.main()
