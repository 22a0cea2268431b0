#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace qn::model {

// `user.role`. kAdmin is tested by the contract's complaint code and assigned
// by nobody; such a row can neither log in as a visitor nor be one.
enum class Role { kUser, kVisitor, kAdmin };

std::string_view to_string(Role role);
Role role_from(std::string_view text);  // anything unknown is kAdmin: no rights by default

// `user.status`; only kNormal may act (defect S13).
enum class UserStatus { kDisabled = 0, kNormal = 1, kLocked = 2 };

// A chat user, the whole row without the password hash
// (contract: chat-rules-and-tables.md, table user).
struct User {
  UserId id;
  std::string uuid;
  std::string username;
  std::string nickname;
  std::string avatar;
  std::string device_id;  // "" when the row is bound to no device
  std::string platform;
  std::string device_model;
  std::string device_os;
  std::string device_brand;
  std::string userset;  // JSON text or ""
  int invite_confirm = 0;
  std::optional<std::string> mobile;
  std::optional<std::string> email;
  UserStatus status = UserStatus::kNormal;
  std::optional<Time> last_login;
  std::optional<std::string> last_login_ip;
  Time register_time;
  std::optional<std::string> register_ip;
  bool is_deleted = false;
  std::optional<std::string> wechat_openid;
  std::optional<std::string> qq_openid;
  std::optional<std::string> weibo_uid;
  Role role = Role::kUser;
  bool is_email_verified = false;
  bool is_mobile_verified = false;
  int order = 50;
  Time create_time;
  Time update_time;

  bool may_act() const { return status == UserStatus::kNormal && !is_deleted; }
  // What others call somebody for whom they have no remark.
  const std::string& shown_name() const { return nickname.empty() ? username : nickname; }
};

// What is known about a user besides the account; one row per user.
struct UserInfo {
  InfoId id;
  std::string gender = "unknown";
  std::optional<Time> birthday;
  std::optional<std::string> bio;
  std::optional<std::string> location;
  std::optional<std::string> website;
};

struct Profile {
  User user;
  UserInfo info;
};

// What a visitor's client tells about its device (statistics only).
struct Device {
  std::string id;
  std::string platform;
  std::string model;
  std::string os;
  std::string brand;
};

}  // namespace qn::model
