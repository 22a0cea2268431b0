#include "wire/group_json.h"

#include <gtest/gtest.h>

namespace qn::wire {
namespace {

constexpr std::chrono::minutes kChina{8 * 60};

model::Group group() {
  return {.id = GroupId(12),
          .uuid = "7e2f6d0b",
          .owner = UserId(1001),
          .name = "周末\"爬山",
          .avatar = "/a.png",
          .remark = "",
          .create_time = time_from_millis(1'759'540'200'000),
          .update_time = time_from_millis(0)};
}

model::GroupMember member(std::int64_t user) {
  return {.member = {.id = MemberId(7),
                     .group = GroupId(12),
                     .user = UserId(user),
                     .nickname = "在群里",
                     .avatar = "",
                     .create_time = time_from_millis(1'759'540'200'000)},
          .user = {.id = UserId(user),
                   .uuid = "u-1",
                   .username = "alice",
                   .nickname = "爱\\丽丝",
                   .avatar = "/b.png"}};
}

constexpr std::string_view kRow =
    R"("create_time":"2025-10-04 09:10:00","id":12,"uuid":"7e2f6d0b","user_id":1001,)"
    R"("name":"周末\"爬山","avatar":"/a.png","remark":"","invite_confirm":0,"status":1,"order":50)";

TEST(GroupJson, TheListHasTheRowAndTheCallersMembership) {
  EXPECT_EQ(
      to_json(listed_group(group(), member(1001).member, kChina)),
      "{" + std::string(kRow) +
          R"(,"group_users":[{"group_id":12,"user_id":1001,"nickname":"在群里","avatar":""}]})");
}

TEST(GroupJson, MembersSeeEachOther) {
  EXPECT_EQ(
      group_info(group(), {member(1001), member(1002)}, kChina),
      "{" + std::string(kRow) +
          R"(,"group_users":[{"create_time":"2025-10-04 09:10:00","id":7,"group_id":12,)"
          R"("user_id":1001,"nickname":"在群里","avatar":"","status":1,"order":50,"groupId":12,)"
          R"("user":{"id":1001,"username":"alice","avatar":"/b.png","nickname":"爱\\丽丝",)"
          R"("uuid":"u-1","role":"user"}},{"create_time":"2025-10-04 09:10:00","id":7,)"
          R"("group_id":12,"user_id":1002,"nickname":"在群里","avatar":"","status":1,"order":50,)"
          R"("groupId":12,"user":{"id":1002,"username":"alice","avatar":"/b.png",)"
          R"("nickname":"爱\\丽丝","uuid":"u-1","role":"user"}}]})");
}

TEST(GroupJson, OutsidersSeeIds) {
  EXPECT_EQ(group_info_for_outsiders(group(), {member(1001), member(1002)}, kChina),
            "{" + std::string(kRow) + R"(,"group_users":[{"user_id":1001},{"user_id":1002}]})");
  EXPECT_EQ(group_info_for_outsiders(group(), {}, kChina),
            "{" + std::string(kRow) + R"(,"group_users":[]})");
}

}  // namespace
}  // namespace qn::wire
