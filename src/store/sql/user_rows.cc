#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

// Reads the columns of a row one after the other.
class Columns {
 public:
  Columns(const Row& row, int first) : row_(row), next_(first) {}

  std::int64_t integer() { return row_.integer(next_++); }
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text() { return std::string(row_.text(next_++)); }
  Time time() { return row_.time(next_++); }
  std::optional<std::string> optional_text() { return row_.optional_text(next_++); }
  std::optional<Time> optional_time() { return row_.optional_time(next_++); }
  bool is_null() const { return row_.is_null(next_); }

 private:
  const Row& row_;
  int next_;
};

model::UserStatus status_from(std::int64_t number) {
  if (number == 1) return model::UserStatus::kNormal;
  if (number == 2) return model::UserStatus::kLocked;
  return model::UserStatus::kDisabled;
}

}  // namespace

model::User user_from(const Row& row) {
  Columns c(row, 0);
  model::User user;
  user.id = UserId(c.integer());
  user.uuid = c.text();
  user.username = c.text();
  user.nickname = c.text();
  user.avatar = c.text();
  user.device_id = c.text();
  user.platform = c.text();
  user.device_model = c.text();
  user.device_os = c.text();
  user.device_brand = c.text();
  user.userset = c.text();
  user.invite_confirm = c.small();
  user.mobile = c.optional_text();
  user.email = c.optional_text();
  user.status = status_from(c.integer());
  user.last_login = c.optional_time();
  user.last_login_ip = c.optional_text();
  user.register_time = c.time();
  user.register_ip = c.optional_text();
  user.is_deleted = c.flag();
  user.wechat_openid = c.optional_text();
  user.qq_openid = c.optional_text();
  user.weibo_uid = c.optional_text();
  user.role = model::role_from(c.text());
  user.is_email_verified = c.flag();
  user.is_mobile_verified = c.flag();
  user.order = c.small();
  user.create_time = c.time();
  user.update_time = c.time();
  return user;
}

model::UserInfo info_from(const Row& row, int first) {
  Columns c(row, first);
  model::UserInfo info;
  if (c.is_null()) return info;
  info.id = InfoId(c.integer());
  info.gender = c.text();
  info.birthday = c.optional_time();
  info.bio = c.optional_text();
  info.location = c.optional_text();
  info.website = c.optional_text();
  return info;
}

}  // namespace qn::store
