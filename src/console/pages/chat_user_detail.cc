#include "console/common_actions.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"
#include "console/pages/mutes.h"

// One chat user in full: profile, devices, a new password.
namespace qn::console {
namespace {

constexpr std::string_view kSession = "session";
constexpr int kShown = 20;  // friends and groups

std::string or_dash(const std::optional<std::string>& text) {
  return text && !text->empty() ? *text : "-";
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += " / ";
    text += part;
  }
  return text.empty() ? "-" : text;
}

Label gender_label(const std::string& gender) {
  if (gender == "male") return "男";
  if (gender == "female") return "女";
  return "未知";
}

std::vector<Fact> facts_of(const model::Profile& profile) {
  const auto& user = profile.user;
  const auto& info = profile.info;
  return {
      {"状态", BadgesCell{{status_badge(user.status)}}},
      {"昵称", TextCell{user.nickname.empty() ? "-" : user.nickname}},
      {"UUID", TextCell{user.uuid}},
      {"性别", LabelCell{gender_label(info.gender)}},
      {"手机号", TextCell{or_dash(user.mobile)}},
      {"邮箱", TextCell{or_dash(user.email)}},
      {"所在地", TextCell{or_dash(info.location)}},
      {"个人简介", TextCell{or_dash(info.bio)}},
      {"注册时间", TimeCell{user.register_time}},
      {"注册 IP", TextCell{or_dash(user.register_ip)}},
      {"最近登录", TimeCell{user.last_login}},
      {"最近登录 IP", TextCell{or_dash(user.last_login_ip)}},
      {"设备",
       TextCell{joined({user.platform, user.device_brand, user.device_model, user.device_os})}},
      {"设备标识", TextCell{user.device_id.empty() ? "-" : user.device_id}},
  };
}

Action reset_action(UserId id) {
  return {
      .text = "重置密码",
      .url = user_url("resetpassword", id),
      .icon = "fa fa-key",
      .tone = Tone::kWarn,
      .confirm = Confirm{"重置密码", Label("将生成新的随机密码，该用户的所有设备会退出登录。")}};
}

Action sign_out_action(UserId id, const std::string& session) {
  return {.text = "退出该设备",
          .url = user_url("signout", id) + '/' + session,
          .icon = "fa fa-sign-out",
          .tone = Tone::kBad,
          .confirm = Confirm{"退出该设备", Label("确定要让该设备退出登录吗？")}};
}

Panel devices_of(UserId user, const std::vector<model::Session>& sessions) {
  Panel panel{.title = "登录设备"};
  panel.table.columns = {{.title = "设备"},
                         {.title = "IP 地址", .width = "180"},
                         {.title = "登录时间", .width = "180"},
                         {.title = "最近活跃", .width = "180"}};
  panel.table.has_actions = true;
  panel.table.empty = "没有登录的设备";
  for (const auto& session : sessions) {
    Row row;
    row.cells = {TextCell{session.user_agent.empty() ? "-" : session.user_agent},
                 TextCell{session.address}, TimeCell{session.created_at},
                 TimeCell{session.last_seen_at}};
    row.actions = {sign_out_action(user, session.id)};
    panel.table.rows.push_back(std::move(row));
  }
  return panel;
}

Panel friends_of(const Console& console, const std::vector<model::Contact>& friends) {
  Panel panel{.title = "好友（前 20 位）"};
  panel.table.columns = {{.title = "好友"}, {.title = "备注"}};
  panel.table.empty = "没有好友";
  for (const auto& contact : friends) {
    Row row;
    row.cells = {
        PersonCell{.avatar = console.picture(contact.avatar),
                   .name = contact.username,
                   .url = user_url("show", contact.friend_id),
                   .lines = {Phrase::data("id:" + std::to_string(contact.friend_id.value))}},
        TextCell{contact.remark.empty() ? "-" : contact.remark}};
    panel.table.rows.push_back(std::move(row));
  }
  return panel;
}

Panel groups_of(UserId user, const std::vector<store::GroupLine>& groups) {
  Panel panel{.title = "群组（最近 20 个）"};
  panel.table.columns = {{.title = "群组"}, {.title = "身份"}, {.title = "成员数", .width = "100"}};
  panel.table.empty = "没有加入群组";
  for (const auto& line : groups) {
    const std::string id = std::to_string(line.group.id.value);
    const Badge role = line.owner.id == user ? Badge{"群主", Tone::kInfo} : Badge{"成员"};
    Row row;
    row.cells = {PersonCell{.avatar = line.group.avatar.substr(0, line.group.avatar.find(',')),
                            .name = line.group.name,
                            .url = "/admin/chatgroup/show/" + id,
                            .lines = {Phrase::data("id:" + id)}},
                 BadgesCell{{role}}, TextCell{std::to_string(line.members)}};
    panel.table.rows.push_back(std::move(row));
  }
  return panel;
}

std::string path_text(const AdminRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.path) {
    if (key == name) return value;
  }
  return {};
}

bool is_session_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

AnswerTask show_user(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto detail, co_await console.services.users.detail(id, request.by));
  if (!detail) co_return no_such_user();
  const auto& user = detail->profile.user;
  DetailPage page{.title = Label("用户详情")};
  const Time now = console.services.clock.now();
  page.buttons = {
      edit_action(user_url("edit", id)), reset_action(id),
      mute_action("/admin/chatuser", std::to_string(id.value), is_muted(detail->muted_until, now)),
      delete_action(user_url("delete", id))};
  page.person = PersonCell{.avatar = console.picture(user.avatar),
                           .name = user.username,
                           .lines = {Phrase::data("id:" + std::to_string(id.value))},
                           .badges = role_badges(user.role)};
  page.facts = facts_of(detail->profile);
  page.facts.insert(page.facts.begin() + 1, Fact{"禁言到", muted_cell(detail->muted_until, now)});
  page.panels.push_back(devices_of(id, detail->sessions));
  CO_TRY(const auto friends, co_await console.services.users.friends(id, kShown, request.by));
  page.panels.push_back(friends_of(console, friends));
  store::GroupFilter filter;
  filter.member = id;
  CO_TRY(const auto groups,
         co_await console.services.groups.list(std::move(filter), kShown, 0, request.by));
  page.panels.push_back(groups_of(id, groups.groups));
  co_return Page(std::move(page));
}

AnswerTask ask_reset_password(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user) co_return no_such_user();
  co_return Page(
      question("重置密码",
               Phrase("确定要重置用户 {} 的密码吗？该用户的所有设备会退出登录。", {user->username}),
               reset_action(id), user_url("show", id)));
}

// The password is shown once, on this page only, and kept nowhere.
AnswerTask reset_password(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  if (!id) co_return no_such_user();
  CO_TRY(auto password,
         co_await console.services.users.reset_password(request.op(), id, request.by));
  NoticePage page;
  page.title = Label("密码已重置");
  page.text = Label("新密码只显示这一次，请立即转告用户。");
  page.secret = std::move(password);
  page.links = {{.text = "返回用户详情", .url = user_url("show", id)}};
  co_return Page(std::move(page));
}

AnswerTask ask_sign_out(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  const std::string session = path_text(request, kSession);
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user || !is_session_id(session)) co_return no_such_user();
  co_return Page(question("退出该设备", Label("确定要让该设备退出登录吗？"),
                          sign_out_action(id, session), user_url("show", id)));
}

// A session that ended meanwhile is signed out all the same.
AnswerTask sign_out(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  std::string session = path_text(request, kSession);
  if (!id || !is_session_id(session)) co_return no_such_user();
  CO_CHECK_OK(co_await console.services.users.end_session(request.op(), id, std::move(session),
                                                          request.by));
  co_return Done{"退出成功", user_url("show", id), {Flash::Kind::kSignedOut}};
}

}  // namespace qn::console
