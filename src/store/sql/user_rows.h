#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "model/user.h"
#include "store/database.h"
#include "store/sql/sql_text.h"
#include "store/user_store.h"

namespace qn::store {

// The columns user_from() reads, in its order. Qualified, so that they can
// stand in a join and in RETURNING.
inline constexpr Sql kUserColumns(R"(
  "user".id, "user".uuid, "user".username, "user".nickname, "user".avatar,
  "user".devicefingeruuid, "user".uniplatform, "user".devicemodel, "user".deviceos,
  "user".devicebrand, "user".userset, "user".invite_confirm, "user".mobile, "user".email,
  "user".status, "user".last_login, "user".last_login_ip, "user".register_time,
  "user".register_ip, "user".is_deleted, "user".wechat_openid, "user".qq_openid,
  "user".weibo_uid, "user".role, "user".is_email_verified, "user".is_mobile_verified,
  "user"."order", "user".create_time, "user".update_time)");
inline constexpr int kUserColumnCount = 29;

model::User user_from(const Row& row);
model::UserStatus status_from(std::int64_t number);

// The last row of a statement that results in kUserColumns.
Result<void> select_user(Connection& c, std::string_view sql, std::span<const Param> params,
                         std::optional<model::User>& found);

// The columns info_from() reads, starting at column `first`.
inline constexpr Sql kInfoColumns(R"(
  user_info.id, user_info.gender, user_info.birthday, user_info.bio, user_info.location,
  user_info.website)");
inline constexpr int kInfoColumnCount = 6;

model::UserInfo info_from(const Row& row, int first);

// Rows of user and user_info. The initial is that of the account name.
Result<void> insert_user(Connection& c, const NewUser& user, char initial,
                         std::optional<model::User>& created);

inline Param text_or_null(const std::string& text) {
  return text.empty() ? Param(nullptr) : Param(std::string_view(text));
}

}  // namespace qn::store
