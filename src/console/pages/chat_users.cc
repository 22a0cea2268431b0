#include "console/pages/chat_users.h"

#include "base/text.h"
#include "console/common_actions.h"
#include "console/pages/handlers.h"
#include "console/paging.h"

// The chat users of admin-pages.md §1: list, create, edit, delete.
namespace qn::console {
namespace {

using model::Role;
using model::UserStatus;

constexpr std::string_view kList = "/admin/chatuser";
constexpr std::size_t kMaxKeyword = 50;  // characters are at most four bytes

constexpr wire::Rule kCreate[] = {
    {.name = "username", .required = true, .min = 4, .max = 20, .desc = "即时通讯用户账号"},
    {.name = "password", .required = true, .min = 6, .max = 20, .desc = "即时通讯用户密码"},
    {.name = "avatar", .max = 1000, .desc = "即时通讯用户头像"},
};
constexpr wire::Rule kUpdate[] = {
    {.name = "id", .type = wire::Type::kInt, .required = true, .desc = "即时通讯用户id"},
    {.name = "username", .required = true, .max = 50, .desc = "即时通讯用户账号"},
    {.name = "password", .min = 6, .max = 20, .desc = "即时通讯用户密码"},
    {.name = "avatar", .max = 1000, .desc = "即时通讯用户头像"},
};
// The name's length counts only where it changes, so that old rows stay
// editable (defect D-14).
constexpr wire::Rule kNewName[] = {
    {.name = "username", .required = true, .min = 4, .max = 20, .desc = "即时通讯用户账号"},
};

Row row_of(const Console& console, const store::UserLine& user) {
  PersonCell person{.avatar = console.picture(user.avatar),
                    .name = user.username,
                    .url = user_url("show", user.id),
                    .lines = {Phrase::data("id:" + std::to_string(user.id.value))},
                    .badges = role_badges(user.role)};
  if (!user.nickname.empty()) {
    person.lines.push_back(Phrase("昵称：{}", {user.nickname}));
  }
  Row row{.id = user.id.value};
  row.cells = {std::move(person),
               ToggleCell{.id = user.id.value,
                          .value = static_cast<int>(user.status),
                          .model = "User",
                          .controller = "chatuser"},
               TimeCell{user.create_time}, TimeCell{user.last_seen}};
  row.actions = {edit_action(user_url("edit", user.id)),
                 delete_action(user_url("delete", user.id))};
  return row;
}

std::vector<Filter> filters(const AdminRequest& request) {
  return {{.name = "role",
           .label = "全部角色",
           .choices = {{"user", Label("用户")}, {"visitor", Label("游客")}},
           .selected = std::string(request.asked("role"))},
          {.name = "status",
           .label = "全部状态",
           .choices = {{"1", Label("启用")}, {"0", Label("禁用")}, {"2", Label("锁定")}},
           .selected = std::string(request.asked("status"))}};
}

std::string export_url(const TablePage& page) {
  std::string url = "/admin/chatuser/export";
  char separator = '?';
  for (const auto& [name, value] : page.query) {
    url.append(1, separator).append(name).append("=").append(percent_encode(value));
    separator = '&';
  }
  return url;
}

FormPage user_form(Phrase title, std::string action) {
  FormPage form{.title = std::move(title), .action = std::move(action)};
  form.success_url = kList;
  return form;
}

Field avatar_field(std::string value) {
  return {.label = "即时通讯用户头像",
          .type = FieldType::kFile,
          .name = "avatar",
          .value = std::move(value),
          .max_length = 1000};
}

}  // namespace

chat::UserAdmin::ListQuery user_query(const AdminRequest& request) {
  using Order = store::UserAdminStore::Order;
  chat::UserAdmin::ListQuery query;
  query.keyword = request.asked("keyword").substr(0, kMaxKeyword * 4);
  const auto role = request.asked("role");
  if (role == "user") query.role = Role::kUser;
  if (role == "visitor") query.role = Role::kVisitor;
  const auto status = request.asked("status");
  if (status == "0") query.status = UserStatus::kDisabled;
  if (status == "1") query.status = UserStatus::kNormal;
  if (status == "2") query.status = UserStatus::kLocked;
  if (request.asked("sort") == "created") query.order = Order::kOldest;
  return query;
}

std::vector<Badge> role_badges(Role role) {
  switch (role) {
    case Role::kUser:
      return {{"用户", Tone::kInfo}};
    case Role::kVisitor:
      return {{"游客", Tone::kPlain}};
    case Role::kAdmin:
      return {{"其他", Tone::kWarn}};
  }
  return {};
}

Badge status_badge(UserStatus status) {
  switch (status) {
    case UserStatus::kNormal:
      return {"启用", Tone::kGood};
    case UserStatus::kDisabled:
      return {"禁用", Tone::kBad};
    case UserStatus::kLocked:
      return {"锁定", Tone::kWarn};
  }
  return {};
}

std::string user_url(std::string_view page, UserId id) {
  return std::string(kList) + '/' + std::string(page) + '/' + std::to_string(id.value);
}

Error no_such_user() {
  return {ErrorCode::kNotFound, "该即时通讯用户不存在", "no such user"};
}

AnswerTask list_users(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  auto query = user_query(request);
  query.limit = choice.limit;
  query.offset = choice.offset();
  CO_TRY(const auto found, co_await console.services.users.list(query, request.by));

  TablePage page{.title = Label("即时通讯用户列表"), .path = std::string(kList)};
  page.query = kept_query(request, {"keyword", "role", "status", "sort"});
  page.buttons = {
      {.text = "新增即时通讯用户", .url = "/admin/chatuser/create", .icon = "fa fa-plus"},
      {.text = "导出 CSV", .url = export_url(page), .icon = "fa fa-download"}};
  page.search =
      Search{.placeholder = "搜索账号、昵称或 id", .value = std::string(request.asked("keyword"))};
  page.filters = filters(request);
  page.sort = request.asked("sort") == "created" ? "created" : "-created";
  page.pager = choice.pager(found.total);
  page.bulk_url = "/admin/chatuser/bulk";
  page.bulk = {{.text = "批量启用", .value = "enable"},
               {.text = "批量禁用", .value = "disable"},
               {.text = "批量删除",
                .value = "delete",
                .tone = Tone::kBad,
                .confirm = Confirm{.text = Label("确定要删除选中的用户吗？")}}};
  page.table.columns = {{.title = "即时通讯用户账号"},
                        {.title = "可用状态", .width = "160", .align = Align::kCenter},
                        {.title = "创建时间", .width = "140", .sort = "created"},
                        {.title = "最近活跃", .width = "140"}};
  page.table.has_actions = true;
  page.table.empty = "没有符合条件的用户";
  for (const auto& user : found.users) page.table.rows.push_back(row_of(console, user));
  co_return Page(std::move(page));
}

AnswerTask create_user_form(Console&, AdminRequest&) {
  auto form = user_form(Label("创建即时通讯用户"), "/admin/chatuser/save");
  form.fields = {{.label = "即时通讯用户登录账号",
                  .name = "username",
                  .placeholder = "请输入即时通讯用户登录账号",
                  .required = true,
                  .min_length = 4,
                  .max_length = 20,
                  .hint = "4 到 20 个字符"},
                 {.label = "即时通讯用户登录密码",
                  .type = FieldType::kPassword,
                  .name = "password",
                  .placeholder = "请输入即时通讯用户登录密码",
                  .required = true,
                  .min_length = 6,
                  .max_length = 20,
                  .autocomplete = "new-password",
                  .hint = "6 到 20 个字符"},
                 avatar_field("")};
  co_return Page(std::move(form));
}

AnswerTask create_user(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kCreate));
  CO_CHECK_OK(co_await console.services.users.create(
      request.op(), in.text("username"), in.text("password"), in.text("avatar"), request.by));
  co_return Done{"创建成功", std::string(kList), {Flash::Kind::kCreated}};
}

AnswerTask edit_user_form(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user) co_return no_such_user();
  auto form = user_form(Label("修改即时通讯用户"), user_url("update", id));
  form.is_edit = true;
  form.fields = {{.label = "即时通讯用户账号",
                  .name = "username",
                  .placeholder = "请输入即时通讯用户账号",
                  .value = user->username,
                  .required = true,
                  .max_length = 50},
                 {.label = "即时通讯用户密码",
                  .type = FieldType::kPassword,
                  .name = "password",
                  .placeholder = "请输入即时通讯用户密码",
                  .min_length = 6,
                  .max_length = 20,
                  .autocomplete = "new-password",
                  .hint = "留空则不修改密码"},
                 avatar_field(user->avatar)};
  co_return Page(std::move(form));
}

AnswerTask update_user(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kUpdate));
  const UserId id(in.integer("id"));
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (user && user->username != in.text("username")) {
    CO_CHECK_OK(request.validate(kNewName));
  }
  chat::UserAdmin::Edit edit{in.text("username"), in.text("password"), in.text("avatar")};
  CO_CHECK_OK(
      co_await console.services.users.update(request.op(), id, std::move(edit), request.by));
  co_return Done{"修改成功", std::string(kList), {Flash::Kind::kUpdated}};
}

AnswerTask ask_delete_user(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user) co_return no_such_user();
  CO_TRY(const auto owned, co_await console.services.groups.count_owned(id, request.by));
  Phrase text("确定要删除用户 {} 吗？删除后账号名可以重新注册，聊天记录保留。", {user->username});
  if (owned > 0) {
    text =
        Phrase("确定要删除用户 {} 吗？该用户是 {} 个群的群主，这些群会保留，可在群组管理中处理。",
               {user->username, std::to_string(owned)});
  }
  co_return Page(question("确认删除", std::move(text), delete_action(user_url("delete", id)),
                          std::string(kList)));
}

// A user that is gone already was deleted all the same (defect D-26); an id that
// is no number is an error.
AnswerTask delete_user(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  if (!id) co_return no_such_user();
  std::vector<UserId> ids{id};
  CO_CHECK_OK(co_await console.services.users.remove(request.op(), std::move(ids), request.by));
  co_return Done{"删除成功", std::string(kList), {Flash::Kind::kDeleted}};
}

}  // namespace qn::console
