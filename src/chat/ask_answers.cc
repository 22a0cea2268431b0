#include "chat/ask_answers.h"

#include <charconv>

#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

Error not_found(std::string_view text) {
  return {ErrorCode::kNotFound, std::string(text), {}};
}

UserId user_from(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failed == std::errc() && end == text.data() + text.size() && id > 0 ? UserId(id)
                                                                             : UserId();
}

Result<void> check_owner(const Caller& caller, std::string_view owner) {
  if (user_from(owner) != caller.user) return refused(texts::kNotYours);
  return {};
}

Result<void> check_entry(const AskAnswers::Entry& entry) {
  if (entry.type != "single" && entry.type != "group") return refused(texts::kBadAskType);
  if (count_code_points(entry.ask) > AskAnswers::kMaxAsk) return refused(texts::kAskTooLong);
  if (count_code_points(entry.answer) > AskAnswers::kMaxAnswer) {
    return refused(texts::kAnswerTooLong);
  }
  return {};
}

store::NewAskAnswer row_of(UserId owner, AskAnswers::Entry entry, Time now) {
  return {owner, std::move(entry.type), std::move(entry.ask), std::move(entry.answer), now};
}

}  // namespace

Task<Result<AskAnswers::Saved>> AskAnswers::save(Caller caller, std::string owner, Entry entry,
                                                 Deadline by) {
  CO_CHECK_OK(check_owner(caller, owner));
  CO_CHECK_OK(check_entry(entry));
  auto row = row_of(caller.user, std::move(entry), clock_.now());
  CO_TRY(const auto saved, co_await entries_.save(std::move(row), options_.per_user, by));
  if (saved == store::AskAnswerStore::Saved::kFull) co_return refused(texts::kTooManyAsks);
  co_return saved == store::AskAnswerStore::Saved::kCreated ? Saved::kCreated : Saved::kReplaced;
}

Task<Result<void>> AskAnswers::update(Caller caller, std::string owner, AskAnswerId id, Entry entry,
                                      Deadline by) {
  CO_CHECK_OK(check_owner(caller, owner));
  CO_CHECK_OK(check_entry(entry));
  auto row = row_of(caller.user, std::move(entry), clock_.now());
  const auto updated = co_await entries_.update(id, std::move(row), by);
  if (!updated.has_value()) {
    if (updated.error().code == ErrorCode::kConflict) co_return refused(texts::kAskTaken);
    co_return updated.error();
  }
  if (!*updated) co_return not_found(texts::kNoAsk);
  co_return Result<void>();
}

Task<Result<void>> AskAnswers::remove(Caller caller, std::string owner, AskAnswerId id,
                                      Deadline by) {
  if (!owner.empty()) CO_CHECK_OK(check_owner(caller, owner));
  CO_TRY(const bool removed, co_await entries_.remove(caller.user, id, by));
  if (!removed) co_return not_found(texts::kNoAsk);
  co_return Result<void>();
}

Task<Result<model::AskAnswer>> AskAnswers::get(Caller caller, std::string owner, AskAnswerId id,
                                               Deadline by) {
  if (!owner.empty()) CO_CHECK_OK(check_owner(caller, owner));
  CO_TRY(auto entry, co_await entries_.find(caller.user, id, by));
  if (!entry) co_return not_found(texts::kNoAsk);
  co_return std::move(*entry);
}

Task<Result<std::vector<model::AskAnswer>>> AskAnswers::list(Caller caller, std::string owner,
                                                             std::string type, Deadline by) {
  CO_CHECK_OK(check_owner(caller, owner));
  co_return co_await entries_.list(caller.user, std::move(type), by);
}

Task<Result<AskAnswers::Match>> AskAnswers::search(Caller caller, std::string owner,
                                                   std::string type, std::string question,
                                                   Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kAskSearch, std::to_string(caller.user.value)));
  CO_TRY(const auto matcher,
         co_await match(user_from(owner), std::move(type), std::move(question), by));
  if (!matcher.has_seen_any()) co_return not_found(texts::kNoAsks);
  auto best = matcher.best();
  if (!best) co_return not_found(texts::kNoAnswer);
  co_return std::move(*best);
}

Task<Result<std::optional<AskAnswers::Match>>> AskAnswers::best_answer(UserId owner,
                                                                       std::string question,
                                                                       Deadline by) {
  CO_TRY(const auto matcher, co_await match(owner, "single", std::move(question), by));
  co_return matcher.best();
}

// On a database thread: hundreds of long texts take longer than a loop can wait.
Task<Result<AnswerMatcher>> AskAnswers::match(UserId owner, std::string type, std::string question,
                                              Deadline by) {
  AnswerMatcher matcher(question, clock_.now());
  store::AskAnswerStore::Visitor look = [&](const model::AskAnswer& entry) {
    matcher.look_at(entry);
  };
  CO_CHECK_OK(co_await entries_.visit(owner, std::move(type), std::move(look), by));
  co_return std::move(matcher);
}

}  // namespace qn::chat
