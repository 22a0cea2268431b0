"""Groups: E3 and E6 to E13, who hears what, and from when to when."""
import re

import chat
import stage

NOT_IN_IT = "您不在群里，无法发消息"
NO_GROUP = "群不存在或者已解散或者被封禁，无法发消息"
LOCAL_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


class GroupPlay(stage.Play):
    def joins(self, person, group):
        """By oneself; the owner may have to agree."""
        return person.account.post("groupInviteUser", {
            "group_id": group.id, "user_id": person.id, "inviteuser_id": -1, "addGroupDesc": "please"})

    def joined_notice(self, person):
        return "[%s] 加入了群聊" % person.name


class GroupTalkTest(GroupPlay):
    def test_everybody_but_the_sender_gets_one_copy(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        sent = alice.sends(group, "八点集合")
        for person in (bob, carol):
            self.assertEqual(person.receives("八点集合", sender=alice, group=group), sent)
            person.receives_nothing_more()
        alice.receives_nothing_more()
        self.assertEqual(sent["group"]["id"], group.id)
        self.assertEqual(sent["group"]["user_id"], alice.id)
        self.assertEqual(sent["sendUUid"], alice.account.uuid)

    def test_members_that_are_away_get_it_later_in_order(self):
        alice, bob = self.old_clients("alice", "bob")
        carol, = self.people_offline("carol")
        group = self.group(alice, bob, carol)
        texts = ["line %d" % i for i in range(50)]
        for i, text in enumerate(texts):
            (alice if i % 2 else bob).sends(group, text)
        carol.goes_online()
        carol.skips_to(chat.inner_text(group.opening))
        carol.receives_all(texts, group=group)
        carol.receives_nothing_more()

    def test_the_nickname_in_the_group_is_the_name(self):
        alice, bob = self.old_clients("alice", "bob")
        group = self.group(alice, bob)
        bob.account.post("groupnickname", {"id": group.id, "nickname": "群里的老王"})
        bob.sends(group, "it is me")
        alice.receives("it is me", from_name="群里的老王", to_name=group.name)

    def test_outsiders_cannot_write(self):
        alice, bob, eve = self.old_clients("alice", "bob", "eve")
        group = self.group(alice, bob)
        eve.may_not_send(group, NOT_IN_IT)
        bob.receives_nothing_more()

    def test_a_large_group(self):
        alice, = self.old_clients("alice")
        members = self.people_offline(*["m%02d" % i for i in range(40)])
        group = self.group(alice, *members)
        alice.sends(group, "all of you")
        for member in members:
            member.goes_online()
            member.skips_to("all of you")
        alice.sends(group, "and now")
        for member in members:
            member.receives("and now", sender=alice, group=group)
        alice.receives_nothing_more()


class ComingAndGoingTest(GroupPlay):
    def test_who_joins_hears_what_comes_after(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob)
        alice.sends(group, "before")
        bob.receives("before")
        self.assertEqual(self.joins(carol, group), "加群成功")
        alice.sends(group, "after")
        for person in (carol, bob):
            person.receives(self.joined_notice(carol), group=group, type="systemNotice")
            person.receives("after")
        carol.receives_nothing_more()

    def test_who_has_quit_hears_nothing_more(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        carol.account.post("groupDeleteOrQuit", {"id": group.id})
        alice.sends(group, "without carol")
        bob.receives("without carol")
        carol.receives_nothing_more()
        carol.may_not_send(group, NOT_IN_IT)

    def test_what_was_said_before_one_quit_still_arrives(self):
        alice, bob = self.old_clients("alice", "bob")
        carol, = self.people_offline("carol")
        group = self.group(alice, bob, carol)
        alice.sends(group, "while you were here")
        carol.account.post("groupDeleteOrQuit", {"id": group.id})
        alice.sends(group, "behind your back")
        carol.goes_online()
        carol.skips_to("while you were here")
        carol.receives_nothing_more()

    def test_who_was_removed_hears_nothing_more(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        alice.account.post("groupDeleteUser", {"group_id": group.id, "user_id": carol.id})
        alice.sends(group, "without carol")
        bob.skips_to("without carol")
        carol.account.fetch_missed()
        news = [chat.inner_text(one["data"]) for one in carol.line.waiting]
        self.assertNotIn("without carol", news)
        carol.may_not_send(group, NOT_IN_IT)

    def test_who_comes_back_has_not_heard_what_was_said_meanwhile(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob, carol)
        carol.account.post("groupDeleteOrQuit", {"id": group.id})
        alice.sends(group, "meanwhile")
        self.joins(carol, group)
        alice.sends(group, "again together")
        carol.receives(self.joined_notice(carol))
        carol.receives("again together")
        carol.receives_nothing_more()

    def test_a_friend_who_was_brought_along_is_announced(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob)
        self.friends(bob, carol)
        bob.account.post("groupInviteUser", {"group_id": group.id, "user_id": carol.id,
                                             "inviteuser_id": bob.id})
        text = "[%s]邀请 [%s] 加入了群聊" % (bob.name, carol.name)
        for person in (alice, bob, carol):
            notice = person.receives(text, group=group, from_name="加群申请提醒")
            self.assertNotIn("msgidKey", notice)

    def test_somebody_who_waits_for_approval_hears_nothing(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob)
        alice.account.post("groupAddUserSet", {"group_id": group.id, "addGroupSet": 1})
        self.assertEqual(self.joins(carol, group), "等待群主同意")
        alice.sends(group, "not for carol")
        bob.receives("not for carol")
        carol.receives_nothing_more()
        carol.may_not_send(group, NOT_IN_IT)

    def test_a_silenced_member_cannot_write(self):
        alice, bob = self.old_clients("alice", "bob")
        group = self.group(alice, bob)
        self.change_database("UPDATE group_user SET status = 0 WHERE group_id = ? AND user_id = ?",
                             group.id, bob.id)
        self.eventually(lambda: self.is_refused(bob, group), "a silenced member may write")
        bob.may_not_send(group, NOT_IN_IT)

    def test_a_member_muted_by_operators_cannot_write_but_hears(self):
        alice, bob = self.old_clients("alice", "bob")
        group = self.group(alice, bob)
        self.change_database("UPDATE group_user SET muted_until = 4000000000000 "
                             "WHERE group_id = ? AND user_id = ?", group.id, bob.id)
        self.eventually(lambda: self.is_refused(bob, group), "a muted member may write")
        bob.may_not_send(group, "您在该群聊中已被禁言，请稍后再试")
        alice.sends(group, "bob must listen")
        bob.receives("bob must listen")

    def is_refused(self, person, group):
        try:
            person.account.send(group.id, "may I?", "group")
        except chat.Refusal:
            return True
        return False


class NoticesTest(GroupPlay):
    """E6 to E13, to those who are there and to those who come later."""

    def cast_two_ways(self):
        """alice owns a group of bob, who is there, and carol, who is away."""
        alice, bob = self.old_clients("alice", "bob")
        carol, = self.people_offline("carol")
        return alice, bob, carol, self.group(alice, bob, carol)

    def all_receive(self, people, text, **fields):
        alice, bob, carol = people
        carol.goes_online()
        carol.skips_to("%s创建了一个群，大家可以开始聊天了" % alice.name)
        for person in (alice, bob, carol):
            person.receives(text, **fields)
            person.receives_nothing_more()

    def test_e6_creation_is_told_to_everybody_also_the_owner(self):
        alice, bob, carol, group = self.cast_two_ways()
        self.assertEqual(group.opening["type"], "systemNotice")
        self.assertEqual(group.opening["group"]["user_id"], alice.id)
        carol.goes_online()
        carol.skips_to(chat.inner_text(group.opening))
        for person in (alice, bob, carol):
            person.receives_nothing_more()

    def test_e7_renaming(self):
        alice, bob, carol, group = self.cast_two_ways()
        alice.account.post("groupUpdateName", {"id": group.id, "name": "周末爬山"})
        self.all_receive((alice, bob, carol), "群名称修改为：周末爬山", group=group,
                         type="systemNotice", to_name="周末爬山")

    def test_e8_the_notice_of_the_group(self):
        alice, bob, carol, group = self.cast_two_ways()
        alice.account.post("groupremark", {"id": group.id, "remark": "带水"})
        self.all_receive((alice, bob, carol), "[公告] \n\n 带水", group=group, type="systemNotice")

    def test_e9_only_the_owner_learns_of_a_request(self):
        for is_online in (True, False):
            with self.subTest(is_online=is_online):
                alice = self.person("alice", is_online=True)
                bob, carol = self.old_clients("bob", "carol")
                group = self.group(alice, bob)
                alice.account.post("groupAddUserSet", {"group_id": group.id, "addGroupSet": 1})
                if not is_online:
                    alice.line.has_acknowledged()
                    alice.leaves()
                self.joins(carol, group)
                if not is_online:
                    alice.goes_online()
                notice = alice.receives("请处理申请 [%s] 加入了群[%s]" % (carol.name, group.name),
                                        chatType="single", type="text", from_name="加群处理",
                                        to_id=alice.id)
                self.assertRegex(notice["from_id"],
                                 r"^redirect-applyAddGroup%d-%d-\d{13}$" % (group.id, carol.id))
                self.assertEqual(notice["msgidKey"], notice["from_id"])
                self.assertIn("action=applyAddGroup", notice["redirect"]["url"])
                for person in (alice, bob, carol):
                    person.receives_nothing_more()

    def test_e10_and_e11_who_joins_and_who_is_let_in(self):
        alice, bob, carol, group = self.cast_two_ways()
        dave, = self.old_clients("dave")
        alice.account.post("groupAddUserSet", {"group_id": group.id, "addGroupSet": 1})
        self.joins(dave, group)
        alice.skips_to("请处理申请 [%s] 加入了群[%s]" % (dave.name, group.name))
        alice.account.post("groupAgreeOrNo", {"group_id": group.id, "user_id": dave.id,
                                              "type": "agree"})
        dave.receives(self.joined_notice(dave), group=group, type="systemNotice")
        self.all_receive((alice, bob, carol), self.joined_notice(dave), group=group,
                         from_name="加群申请提醒")

    def test_nobody_is_told_of_a_refusal(self):
        alice, bob, carol = self.old_clients("alice", "bob", "carol")
        group = self.group(alice, bob)
        alice.account.post("groupAddUserSet", {"group_id": group.id, "addGroupSet": 1})
        self.joins(carol, group)
        alice.skips_to("请处理申请 [%s] 加入了群[%s]" % (carol.name, group.name))
        alice.account.post("groupAgreeOrNo", {"group_id": group.id, "user_id": carol.id, "type": "no"})
        for person in (alice, bob, carol):
            person.receives_nothing_more()

    def test_e12_the_end_of_a_group(self):
        alice, bob, carol, group = self.cast_two_ways()
        alice.account.post("groupDeleteOrQuit", {"id": group.id})
        alice.may_not_send(group, NO_GROUP)
        carol.goes_online()
        carol.skips_to(chat.inner_text(group.opening))
        for person in (alice, bob, carol):
            notice = person.line.next_message("not told of the end")
            self.assertTrue(re.fullmatch("群主于 %s 解散了该群" % LOCAL_TIME, chat.inner_text(notice)),
                            notice)
            self.assertEqual((notice["to_id"], notice["type"]), (group.id, "systemNotice"))
            person.receives_nothing_more()

    def test_e13_only_the_owner_learns_who_has_quit(self):
        alice, bob, carol, group = self.cast_two_ways()
        bob.account.post("groupDeleteOrQuit", {"id": group.id})
        notice = alice.line.next_message("not told who has quit")
        self.assertTrue(re.fullmatch("%s于 %s 已退出群聊" % (bob.name, LOCAL_TIME),
                                     chat.inner_text(notice)), notice)
        bob.receives_nothing_more()
        alice.receives_nothing_more()
        carol.goes_online()
        carol.skips_to(chat.inner_text(group.opening))
        carol.receives_nothing_more()

    def test_e13_waits_for_an_owner_who_is_away(self):
        alice, bob = self.old_clients("alice", "bob")
        group = self.group(alice, bob)
        alice.line.has_acknowledged()
        alice.leaves()
        bob.account.post("groupDeleteOrQuit", {"id": group.id})
        alice.goes_online()
        self.assertIn("已退出群聊", chat.inner_text(alice.line.next_message("not told who has quit")))
        alice.receives_nothing_more()


if __name__ == "__main__":
    stage.main()
