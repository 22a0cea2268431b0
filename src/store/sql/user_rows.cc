#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

constexpr auto kInsertUser = Sql(R"(
INSERT INTO "user" (uuid, username, username_key, password, nickname, avatar, devicefingeruuid,
                    uniplatform, devicemodel, deviceos, devicebrand, userset, invite_confirm,
                    status, register_time, register_ip, is_deleted, role, is_email_verified,
                    is_mobile_verified, "order", create_time, update_time, search_key,
                    initial)
VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10, '', 0, 1, $11, $12, 0, $13, 0, 0, 50,
        $11, $11, $3 || ' ', $14)
RETURNING)") + kUserColumns;

constexpr std::string_view kInsertInfo = R"(
INSERT INTO user_info (user_id, gender, "order", create_time, update_time)
VALUES ($1, 'unknown', 50, $2, $2))";

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

}  // namespace

model::UserStatus status_from(std::int64_t number) {
  if (number == 1) return model::UserStatus::kNormal;
  if (number == 2) return model::UserStatus::kLocked;
  return model::UserStatus::kDisabled;
}

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

Result<void> select_user(Connection& c, std::string_view sql, std::span<const Param> params,
                         std::optional<model::User>& found) {
  return c.query(sql, params, [&](const Row& row) { found = user_from(row); });
}

Result<void> insert_user(Connection& c, const NewUser& user, char initial,
                         std::optional<model::User>& created) {
  const Param params[] = {user.uuid,
                          user.username,
                          user.username_key,
                          user.password_hash,
                          user.avatar,
                          text_or_null(user.device.id),
                          user.device.platform,
                          user.device.model,
                          user.device.os,
                          user.device.brand,
                          param(user.now),
                          text_or_null(user.register_ip),
                          model::to_string(user.role),
                          std::string_view(&initial, 1)};
  CHECK_OK(select_user(c, kInsertUser, params, created));
  const Param info[] = {created->id.value, param(user.now)};
  CHECK_OK(c.execute(kInsertInfo, info));
  return {};
}

}  // namespace qn::store
