#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/person.h"

namespace qn::model {

// A group, the whole row (contract: chat-rules-and-tables.md, table group).
struct Group {
  GroupId id;
  std::string uuid;
  UserId owner;
  std::string name;
  std::string avatar;      // up to nine pictures joined with commas
  std::string remark;      // the notice
  int invite_confirm = 0;  // 0 anybody joins, 1 the owner approves, 2 visitors must register first
  int status = 1;          // 1 normal; 0, 2: disabled
  int order = 50;
  Time create_time;
  Time update_time;
};

// Somebody's place in a group (table group_user).
struct Member {
  MemberId id;
  GroupId group;
  UserId user;
  std::string nickname;  // in this group; "" = none
  std::string avatar;    // in this group; "" = the user's
  int status = 1;        // 0 muted, 1 member, 2 waits for approval
  int order = 50;
  Time create_time;
};

// A member with what the others see of the user.
struct GroupMember {
  Member member;
  Person user;

  // Precedence inside a group (chat-rules-and-tables.md §6).
  const std::string& name() const {
    return member.nickname.empty() ? user.name() : member.nickname;
  }
  const std::string& avatar() const { return member.avatar.empty() ? user.avatar : member.avatar; }
};

}  // namespace qn::model
