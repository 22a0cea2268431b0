#include "chat/qr_codes.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "chat/page_links.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

namespace json = boost::json;

// In bytes. With names as short as they are, the whole fits into a code.
constexpr std::size_t kMaxPage = 500;  // an address up to its '#'
constexpr std::size_t kMaxAvatar = 1000;

std::string page_text(const QrRequest& request, std::string_view title, std::string_view kind,
                      std::string_view name) {
  std::string text = request.page;
  text += "#/pages/setpageInfo/setpageInfo?action=autoAddGroup&title=";
  text += encode_component(title);
  text += "&id=" + std::to_string(request.id) + "&chatType=";
  text += kind;
  text += "&name=" + encode_breaking(name);
  return text;
}

std::string app_text(std::int64_t id, std::string_view name) {
  return json::serialize(json::object{{"id", id}, {"name", name}});
}

bool is_printable_ascii(char c) {
  return c > ' ' && c < 0x7F;
}

// scheme://host[:port] in lower case, or "" when it is no plain http(s) address.
std::string origin_of(std::string_view page) {
  const auto scheme_end = page.find("://");
  if (scheme_end == page.npos || page.size() > kMaxPage) return {};
  if (!std::all_of(page.begin(), page.end(), is_printable_ascii)) return {};
  if (page.find_first_of("#\\\"<>") != page.npos) return {};
  const auto host = scheme_end + 3;
  const auto end = std::min(page.find_first_of("/?", host), page.size());
  std::string origin(page.substr(0, end));
  for (char& c : origin) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const bool is_web = origin.starts_with("http://") || origin.starts_with("https://");
  const bool has_user = origin.find('@') != origin.npos;
  return is_web && !has_user && end > host ? origin : std::string();
}

}  // namespace

Task<Result<std::string>> QrCodes::draw(Caller caller, QrRequest request, Deadline by) {
  if (request.is_page && !is_allowed(request.page)) co_return refused(texts::kBadPageAddress);
  std::string text;
  if (request.is_group) {
    CO_TRY(text, co_await group_text(std::move(caller), request, by));
  } else {
    CO_TRY(text, co_await person_text(request, by));
  }
  co_return co_await images_.png(std::move(text));
}

// Apps leave the kind out, and mean themselves when they are in no such group
// (defect C15).
Task<Result<std::string>> QrCodes::group_text(Caller caller, const QrRequest& request,
                                              Deadline by) {
  const bool may_be_me = !request.is_page && request.id == caller.user.value;
  const auto place = co_await access_.group_to_show(std::move(caller), GroupId(request.id), by);
  if (!place) {
    if (may_be_me && place.error().code == ErrorCode::kRefused) {
      co_return co_await person_text(request, by);
    }
    co_return place.error();
  }
  const std::string& name = place->group.name;
  if (!request.is_page) co_return app_text(request.id, name);
  co_return page_text(request, "群介绍", "group", name);
}

Task<Result<std::string>> QrCodes::person_text(const QrRequest& request, Deadline by) {
  CO_TRY(const auto user, co_await users_.find(UserId(request.id), by));
  if (!user || !user->may_act()) co_return refused(texts::kNoUserToShow);
  const std::string& name = user->nickname.empty() ? user->username : user->nickname;
  if (!request.is_page) co_return app_text(request.id, name);
  std::string avatar = encode_breaking(user->avatar);
  if (avatar.size() > kMaxAvatar) avatar.clear();
  co_return page_text(request, "加用户[" + name + "]为好友", "single", name) + "&avatar=" + avatar;
}

bool QrCodes::is_allowed(std::string_view page) const {
  const std::string origin = origin_of(page);
  if (origin.empty()) return false;
  return std::any_of(origins_.begin(), origins_.end(), [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  });
}

}  // namespace qn::chat
