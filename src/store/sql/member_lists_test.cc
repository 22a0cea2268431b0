#include "store/sql/member_lists.h"

#include <gtest/gtest.h>

namespace qn::store {
namespace {

UserList users(std::size_t n) {
  return std::make_shared<const std::vector<UserId>>(n, UserId(1));
}
model::ConversationId group(std::int64_t id) {
  return model::ConversationId(id);
}

TEST(MemberLists, AListIsTrueForItsVersion) {
  MemberLists lists;
  const auto three = users(3);
  lists.keep(group(1), 5, three);
  EXPECT_EQ(lists.find(group(1), 5), three);
  EXPECT_EQ(lists.find(group(1), 4), nullptr);
  EXPECT_EQ(lists.find(group(1), 6), nullptr);
  EXPECT_EQ(lists.find(group(2), 5), nullptr);
}

TEST(MemberLists, ANewerListReplacesAnOlderOneAndNotTheOtherWayRound) {
  MemberLists lists;
  const auto newer = users(2);
  lists.keep(group(1), 5, users(1));
  lists.keep(group(1), 6, newer);
  lists.keep(group(1), 5, users(1));
  EXPECT_EQ(lists.find(group(1), 6), newer);
  EXPECT_EQ(lists.find(group(1), 5), nullptr);
}

TEST(MemberLists, WhatWasNotUsedForLongestGoesFirst) {
  MemberLists lists(2, 100);
  lists.keep(group(1), 1, users(1));
  lists.keep(group(2), 1, users(1));
  EXPECT_TRUE(lists.find(group(1), 1));
  lists.keep(group(3), 1, users(1));
  EXPECT_TRUE(lists.find(group(1), 1));
  EXPECT_FALSE(lists.find(group(2), 1));
  EXPECT_TRUE(lists.find(group(3), 1));
}

TEST(MemberLists, LargeGroupsMakeRoomToo) {
  MemberLists lists(10, 100);
  lists.keep(group(1), 1, users(60));
  lists.keep(group(2), 1, users(40));
  EXPECT_TRUE(lists.find(group(1), 1) && lists.find(group(2), 1));
  lists.keep(group(2), 2, users(41));
  EXPECT_FALSE(lists.find(group(1), 1));
  EXPECT_TRUE(lists.find(group(2), 2));
  lists.keep(group(3), 1, users(101));
  EXPECT_FALSE(lists.find(group(3), 1));
}

}  // namespace
}  // namespace qn::store
