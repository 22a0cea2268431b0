#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "model/user.h"

namespace qn::model {

// What somebody set for a friend. Requests carry the same columns.
struct FriendSettings {
  bool friend_looks_at_me = true;  // friendlookme: the friend may see my posts
  bool i_look_at_friend = true;    // melookfriend: my feed shows the friend's posts
  bool is_star = false;
  bool is_black = false;
};

// One direction of a friendship: a row of table goodfriend, which is `owner`'s.
struct Friend {
  FriendRowId id;
  UserId owner;
  UserId friend_id;
  std::string remark;  // what the owner calls the friend; "" = nothing
  FriendSettings settings;
  int status = 1;  // 0 disabled, 1 normal, 2 locked
};

struct FriendProfile {
  Friend row;
  Profile profile;
};

// One line of the friend list.
struct Contact {
  FriendRowId id;
  UserId friend_id;
  std::string remark;
  std::string username;
  std::string nickname;
  std::string avatar;
  std::string uuid;
  char initial = '#';  // of name(): A to Z, or #

  const std::string& name() const {
    if (!remark.empty()) return remark;
    return nickname.empty() ? username : nickname;
  }
};

enum class ApplyStatus { kPending, kRefuse, kAgree, kIgnore };

std::string_view to_string(ApplyStatus status);
ApplyStatus apply_status_from(std::string_view text);  // anything unknown is kIgnore

// A friend request: a row of table goodfriendapply.
struct Apply {
  ApplyId id;
  UserId applicant;
  UserId addressee;
  std::string text;  // how the applicant introduces himself
  FriendSettings settings;
  ApplyStatus status = ApplyStatus::kPending;
  int order = 50;
  Time create_time;
  Time update_time;
};

// What a list shows of somebody.
struct UserCard {
  UserId id;
  std::string username;
  std::string avatar;
  std::string nickname;
  std::string uuid;
};

struct ApplyEntry {
  Apply apply;
  UserCard applicant;
};

}  // namespace qn::model
