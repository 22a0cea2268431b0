#include <algorithm>
#include <cmath>
#include <optional>

#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/own_envelopes.h"
#include "api/rules.h"
#include "chat/texts.h"
#include "wire/askanswer_json.h"

// Questions and answers (chat-http-api.md §10). Their replies are never the
// standard envelope, so every handler turns its errors into a reply itself.
namespace qn::api {
namespace {

namespace texts = chat::texts;
using chat::AskAnswers;
using wire::Rule;

net::HttpReply incomplete(const ApiRequest& request) {
  return coded_fail(refused(texts::kAskIncomplete), {}, request);
}

// Ids are compared by identity, so that only a number can be one. Nothing: the
// field is missing or "".
std::optional<AskAnswerId> entry_id(const ApiRequest& request) {
  const auto* id = request.body.fields.if_contains("id");
  if (!id || id->is_null() || (id->is_string() && id->get_string().empty())) return std::nullopt;
  if (id->is_int64()) return AskAnswerId(id->get_int64());
  constexpr double kMaxExact = 9'007'199'254'740'992;
  const double number = id->is_double() ? id->get_double() : 0;
  const bool is_whole = number == std::floor(number) && std::abs(number) < kMaxExact;
  return is_whole ? AskAnswerId(static_cast<std::int64_t>(number)) : AskAnswerId();
}

AskAnswers::Entry entry_from(const wire::Values& in) {
  return {in.text("type"), in.text("ask"), in.text("answer")};
}

bool has_all(const wire::Values& in, std::span<const Rule> rules) {
  return std::all_of(rules.begin(), rules.end(),
                     [&](const Rule& rule) { return !in.text(rule.name).empty(); });
}

}  // namespace

ApiTask create_ask(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskEntryRules));
  if (!has_all(in, kAskEntryRules)) co_return incomplete(request);
  const auto saved = co_await api.services.ask_answers.save(
      request.caller, in.text("create_userId"), entry_from(in), request.by);
  if (!saved.has_value()) co_return coded_fail(saved.error(), texts::kAskSaveFailed, request);
  const bool is_new = *saved == AskAnswers::Saved::kCreated;
  co_return coded(is_new ? texts::kAskCreated : texts::kAskReplaced);
}

ApiTask update_ask(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskEntryRules));
  const auto id = entry_id(request);
  if (!id || !has_all(in, kAskEntryRules)) co_return incomplete(request);
  const auto updated = co_await api.services.ask_answers.update(
      request.caller, in.text("create_userId"), *id, entry_from(in), request.by);
  if (!updated.has_value()) {
    co_return coded_fail(updated.error(), texts::kAskUpdateFailed, request);
  }
  co_return coded(texts::kAskUpdated);
}

ApiTask delete_ask(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskOwnerRules));
  const auto id = entry_id(request);
  if (!id) co_return incomplete(request);
  const auto removed = co_await api.services.ask_answers.remove(
      request.caller, in.text("create_userId"), *id, request.by);
  if (!removed.has_value()) {
    co_return coded_fail(removed.error(), texts::kAskDeleteFailed, request);
  }
  co_return coded(texts::kAskDeleted);
}

ApiTask list_asks(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskListRules));
  if (!has_all(in, kAskListRules)) co_return incomplete(request);
  const auto entries = co_await api.services.ask_answers.list(request.caller, in.text("userId"),
                                                              in.text("type"), request.by);
  if (!entries.has_value()) co_return coded_fail(entries.error(), texts::kAskServerError, request);
  wire::json::array list;
  for (const auto& entry : *entries) list.push_back(wire::ask_answer(entry));
  co_return coded(texts::kAskFetched, list);
}

ApiTask show_ask(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskOwnerRules));
  const auto id = entry_id(request);
  if (!id) co_return incomplete(request);
  const auto entry = co_await api.services.ask_answers.get(request.caller, in.text("create_userId"),
                                                           *id, request.by);
  if (!entry.has_value()) co_return coded_fail(entry.error(), texts::kAskServerError, request);
  co_return coded(texts::kAskFetched, wire::ask_answer(*entry));
}

ApiTask search_ask(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAskSearchRules));
  if (!has_all(in, kAskSearchRules)) co_return incomplete(request);
  const auto match = co_await api.services.ask_answers.search(
      request.caller, in.text("create_userId"), in.text("type"), in.text("ask"), request.by);
  if (!match.has_value()) co_return coded_fail(match.error(), texts::kAskSearchFailed, request);
  co_return coded_match(match->by_score ? texts::kAskFound : texts::kAskFoundSimilar,
                        wire::ask_answer(match->entry), match->score);
}

}  // namespace qn::api
