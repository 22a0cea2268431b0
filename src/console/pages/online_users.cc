#include "console/common_actions.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"
#include "console/paging.h"
#include "console/units.h"

// Who is connected right now, one line per connection.
namespace qn::console {
namespace {

constexpr std::string_view kList = "/admin/online/index";
constexpr std::size_t kMaxKeyword = 200;

Action disconnect_action(UserId user, std::uint64_t socket) {
  return {.text = "断开",
          .url = "/admin/online/disconnect/" + std::to_string(user.value) + '/' +
                 std::to_string(socket),
          .icon = "fa fa-chain-broken",
          .tone = Tone::kBad,
          .confirm = Confirm{"断开连接", Label("断开后客户端会自动重新连接，确定要断开吗？")}};
}

Row row_of(const Console& console, const AdminRequest& request, const chat::OnlineSocket& socket) {
  PersonCell person{.name = socket.username,
                    .url = console.link(request, user_url("show", socket.user)),
                    .lines = {Phrase::data("id:" + std::to_string(socket.user.value))},
                    .badges = role_badges(socket.token_role)};
  if (!socket.nickname.empty()) person.lines.push_back(Phrase("昵称：{}", {socket.nickname}));
  Row row;
  row.cells = {
      std::move(person), TextCell{socket.address.empty() ? "-" : socket.address, socket.user_agent},
      TimeCell{socket.connected_at}, TextCell{grouped(static_cast<std::int64_t>(socket.sent))}};
  row.actions = {disconnect_action(socket.user, socket.id)};
  return row;
}

}  // namespace

AnswerTask list_online(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  std::string keyword(request.asked("keyword").substr(0, kMaxKeyword));
  const auto found = co_await console.services.online.list(
      std::move(keyword), static_cast<std::size_t>(choice.limit),
      static_cast<std::size_t>(choice.offset()));
  TablePage page{.title = Label("在线用户"), .path = std::string(kList)};
  page.query = kept_query(request, {"keyword"});
  page.hint =
      Label("断开后客户端会自动重新连接；要让用户下线或不能发言，请在用户详情中禁用或禁言。");
  page.search =
      Search{.placeholder = "搜索账号、昵称或 id", .value = std::string(request.asked("keyword"))};
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "用户"},
                        {.title = "IP 地址"},
                        {.title = "连接时间", .width = "180"},
                        {.title = "已送达消息", .width = "120", .align = Align::kRight}};
  page.table.has_actions = true;
  page.table.empty = "没有在线的用户";
  for (const auto& socket : found.sockets) {
    page.table.rows.push_back(row_of(console, request, socket));
  }
  co_return Page(std::move(page));
}

AnswerTask ask_disconnect(Console&, AdminRequest& request) {
  const UserId user(request.id());
  const auto socket = static_cast<std::uint64_t>(request.id("socket"));
  co_return Page(question("断开连接", Label("断开后客户端会自动重新连接，确定要断开吗？"),
                          disconnect_action(user, socket), std::string(kList)));
}

// On record before it happens: nothing is cut without a trace.
AnswerTask disconnect(Console& console, AdminRequest& request) {
  const UserId id(request.id());
  const auto socket = static_cast<std::uint64_t>(request.id("socket"));
  CO_TRY(const auto user, co_await console.services.users.find(id, request.by));
  if (!user || socket == 0) co_return no_such_user();
  CO_CHECK_OK(co_await console.services.audit.note_disconnect(request.op(), id, user->username,
                                                              request.by));
  const bool done = co_await console.services.online.disconnect(id, socket);
  if (!done) co_return Error{ErrorCode::kNotFound, "该连接已经断开", "no such socket"};
  co_return Done{"连接已断开", std::string(kList), {Flash::Kind::kDisconnected}};
}

}  // namespace qn::console
