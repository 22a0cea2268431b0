#include <charconv>

#include "base/time_text.h"
#include "console/common_actions.h"
#include "console/csv.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"

// What concerns many chat users at once: bulk changes and the export.
namespace qn::console {
namespace {

constexpr std::string_view kList = "/admin/chatuser";
constexpr std::size_t kMaxBulk = 1'000;

Result<std::vector<UserId>> ids_of(const AdminRequest& request) {
  std::vector<UserId> ids;
  for (const auto& text : request.fields("ids")) {
    std::int64_t id = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failure != std::errc() || end != text.data() + text.size() || id <= 0) {
      return Error{ErrorCode::kInvalid, "用户 id 不正确", {}};
    }
    ids.emplace_back(id);
  }
  if (ids.empty()) return Error{ErrorCode::kInvalid, "请先选择用户", {}};
  if (ids.size() > kMaxBulk) return Error{ErrorCode::kInvalid, "一次最多选择 1000 个用户", {}};
  return ids;
}

// Without JavaScript no dialog has asked yet.
NoticePage ask(const std::vector<UserId>& ids) {
  std::string url = "/admin/chatuser/bulk?action=delete&confirmed=1&ids=";
  for (const auto id : ids) {
    if (url.back() != '=') url += ',';
    url += std::to_string(id.value);
  }
  return question("确认删除",
                  Phrase("确定要删除选中的 {} 个用户吗？", {std::to_string(ids.size())}),
                  delete_action(std::move(url)), std::string(kList));
}

// The rows of the list as it is filtered, in steps, while they are sent.
class UserExport final : public net::BodySource {
 public:
  UserExport(chat::UserAdmin& users, chat::UserAdmin::ListQuery query,
             std::chrono::minutes utc_offset)
      : users_(users), query_(std::move(query)), utc_offset_(utc_offset) {}

  Task<Result<std::string>> next() override {
    std::string out;
    if (!started_) append_head(out);
    if (done_) co_return out;
    CO_TRY(const auto users,
           co_await users_.export_step(query_, before_, Deadline::after(chat::kRequestTime)));
    for (const auto& user : users) append_user(out, user);
    done_ = users.empty();
    if (!users.empty()) before_ = users.back().id;
    co_return out;
  }

 private:
  void append_head(std::string& out) {
    started_ = true;
    out += kCsvMark;
    for (const char* title : {"id", "账号", "昵称", "角色", "状态", "注册时间", "最近登录",
                              "最近登录 IP", "手机号", "邮箱"}) {
      append_csv_field(out, title);
    }
    end_csv_line(out);
  }

  void append_user(std::string& out, const model::User& user) const {
    append_csv_field(out, std::to_string(user.id.value));
    append_csv_field(out, user.username);
    append_csv_field(out, user.nickname);
    append_csv_field(out, model::to_string(user.role));
    append_csv_field(out, status_badge(user.status).text.chinese());
    append_csv_field(out, local_time(user.register_time, utc_offset_));
    append_csv_field(out, user.last_login ? local_time(*user.last_login, utc_offset_) : "");
    append_csv_field(out, user.last_login_ip.value_or(""));
    append_csv_field(out, user.mobile.value_or(""));
    append_csv_field(out, user.email.value_or(""));
    end_csv_line(out);
  }

  chat::UserAdmin& users_;
  const chat::UserAdmin::ListQuery query_;
  const std::chrono::minutes utc_offset_;
  std::optional<UserId> before_;
  bool started_ = false;
  bool done_ = false;
};

}  // namespace

AnswerTask change_users(Console& console, AdminRequest& request) {
  using model::UserStatus;
  CO_TRY(auto ids, ids_of(request));
  std::string action = request.field("action");
  if (action.empty()) action = request.asked("action");
  auto& users = console.services.users;
  if (action == "delete") {
    const bool confirmed = wants_json(request.http) || request.asked("confirmed") == "1" ||
                           request.field("confirmed") == "1";
    if (!confirmed) co_return Page(ask(ids));
    CO_TRY(const int n, co_await users.remove(request.op(), std::move(ids), request.by));
    co_return Done{"删除成功", std::string(kList), {Flash::Kind::kDeletedMany, n}};
  }
  if (action != "enable" && action != "disable") {
    co_return Error{ErrorCode::kInvalid, "不支持的批量操作", {}};
  }
  const bool enable = action == "enable";
  const auto status = enable ? UserStatus::kNormal : UserStatus::kDisabled;
  const auto flash = enable ? Flash::Kind::kEnabledMany : Flash::Kind::kDisabledMany;
  CO_TRY(const int n, co_await users.set_status(request.op(), std::move(ids), status, request.by));
  co_return Done{"修改成功", std::string(kList), {flash, n}};
}

AnswerTask export_users(Console& console, AdminRequest& request) {
  auto query = user_query(request);
  CO_CHECK_OK(co_await console.services.users.note_export(request.op(), query, request.by));
  net::HttpReply reply;
  reply.content_type = "text/csv; charset=utf-8";
  reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"chat-users.csv\"");
  reply.headers.emplace_back("Cache-Control", "no-store");
  reply.source = std::make_unique<UserExport>(console.services.users, std::move(query),
                                              console.options.utc_offset);
  co_return reply;
}

}  // namespace qn::console
