#include "chat/message_admin.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "base/text.h"
#include "base/time_text.h"

namespace qn::chat {
namespace {

namespace json = boost::json;

constexpr int kMatches = static_cast<int>(store::MessageAdminStore::kMaxSources);
constexpr int kNeighbours = 10;

// The text as an id; 0 when it is none.
std::int64_t id_from(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failure == std::errc() && end == text.data() + text.size() && id > 0 ? id : 0;
}

// Of those that were found by part of a name: whoever is named exactly so, else all.
template <class Line, class IsExact>
void keep_exact(std::vector<Line>& lines, const IsExact& is_exact) {
  if (std::any_of(lines.begin(), lines.end(), is_exact)) {
    std::erase_if(lines, [&](const Line& line) { return !is_exact(line); });
  }
}

void set_time(json::object& fields, const char* name, const std::optional<Time>& time) {
  if (time) fields[name] = iso_utc(*time);
}

}  // namespace

Task<Result<MessageAdmin::Found>> MessageAdmin::list(Operator op, Query query, Content content,
                                                     Deadline by) {
  Found found;
  if (content == Content::kHidden) query.text.clear();
  const bool is_bounded =
      !query.user.empty() || !query.group.empty() || query.conversation || query.from;
  if (!query.text.empty() && !is_bounded) {
    found.is_too_wide = true;
    co_return found;
  }
  store::MessageFilter filter{.conversation = query.conversation,
                              .from = query.from,
                              .until = query.until,
                              .type = query.type,
                              .text = query.text};
  CO_TRY(const bool has_senders, co_await find_senders(query.user, filter, found, by));
  CO_TRY(const bool has_groups, co_await find_groups(query.group, filter, found, by));
  if (!has_senders || !has_groups) co_return found;
  if (content == Content::kShown) CO_CHECK_OK(co_await note_search(op, query, by));
  CO_TRY(found.page,
         co_await stores_.messages.list(std::move(filter), query.before, query.limit, content, by));
  co_return found;
}

// Who has an id is meant even when the account is gone: the messages are not.
Task<Result<bool>> MessageAdmin::find_senders(std::string name, store::MessageFilter& filter,
                                              Found& found, Deadline by) {
  if (name.empty()) co_return true;
  const std::string key = fold_name(name);
  const UserId typed(id_from(name));
  store::UserFilter users{.keyword_key = key};
  CO_TRY(auto page, co_await stores_.users.list(
                        std::move(users), store::UserAdminStore::Order::kNewest, kMatches, 0, by));
  const auto is_exact = [&](const store::UserLine& line) {
    return line.id == typed || fold_name(line.username) == key;
  };
  keep_exact(page.users, is_exact);
  const bool exact = typed || (!page.users.empty() && is_exact(page.users.front()));
  if (typed) std::erase_if(page.users, [&](const auto& line) { return !is_exact(line); });
  for (const auto& line : page.users) filter.senders.push_back(line.id);
  if (typed && std::ranges::find(filter.senders, typed) == filter.senders.end()) {
    filter.senders.insert(filter.senders.begin(), typed);
  }
  found.is_ambiguous = found.is_ambiguous || (!exact && page.total > kMatches);
  co_return !filter.senders.empty();
}

Task<Result<bool>> MessageAdmin::find_groups(std::string name, store::MessageFilter& filter,
                                             Found& found, Deadline by) {
  if (name.empty()) co_return true;
  const GroupId typed(id_from(name));
  store::GroupFilter groups{.keyword = name};
  CO_TRY(auto page, co_await stores_.groups.list(std::move(groups), kMatches, 0, by));
  const auto is_exact = [&](const store::GroupLine& line) {
    return line.group.id == typed || line.group.name == name;
  };
  keep_exact(page.groups, is_exact);
  if (typed) std::erase_if(page.groups, [&](const auto& line) { return !is_exact(line); });
  for (const auto& line : page.groups) filter.groups.push_back(line.group.id);
  if (typed && std::ranges::find(filter.groups, typed) == filter.groups.end()) {
    filter.groups.insert(filter.groups.begin(), typed);
  }
  found.is_ambiguous = found.is_ambiguous || (!typed && page.total > kMatches);
  co_return !filter.groups.empty();
}

Task<Result<void>> MessageAdmin::note_search(const Operator& op, const Query& query, Deadline by) {
  json::object fields;
  if (!query.user.empty()) fields["user"] = query.user;
  if (!query.group.empty()) fields["group"] = query.group;
  if (query.conversation) fields["conversation"] = query.conversation.value;
  set_time(fields, "from", query.from);
  set_time(fields, "until", query.until);
  if (!query.type.empty()) fields["type"] = query.type;
  if (!query.text.empty()) fields["text"] = query.text;
  if (query.before != 0) fields["before"] = query.before;
  return stores_.audit.append(actor_of(op, clock_.now()), "message.search", "", 0, "",
                              json::serialize(fields), by);
}

Task<Result<std::optional<MessageAdmin::Detail>>> MessageAdmin::find(Operator op,
                                                                     model::LogPosition position,
                                                                     Content content, Deadline by) {
  if (content == Content::kHidden) {
    co_return co_await stores_.messages.find(position, kNeighbours, content, by);
  }
  CO_TRY(const auto known, co_await stores_.messages.find(position, 0, Content::kHidden, by));
  if (!known) co_return std::optional<Detail>();
  const auto& line = known->message;
  json::object fields{{"sender", line.sender.id}, {"conversation", line.conversation.value}};
  std::string uuid = line.uuid;
  std::string after = json::serialize(fields);
  CO_CHECK_OK(co_await stores_.audit.append(actor_of(op, clock_.now()), "message.read", "message",
                                            position, std::move(uuid), std::move(after), by));
  co_return co_await stores_.messages.find(position, kNeighbours, content, by);
}

}  // namespace qn::chat
