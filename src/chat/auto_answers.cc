#include "chat/auto_answers.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "chat/caller.h"
#include "chat/texts.h"
#include "chat/write_notice.h"

namespace qn::chat {

AutoAnswers::AutoAnswers(AskAnswers& ask_answers, store::MessageLog& log,
                         WriteMessage write_message, EventLoops& loops, Random& random,
                         const Clock& clock, Metrics& metrics, AutoAnswerOptions options)
    : ask_answers_(ask_answers),
      log_(log),
      write_message_(write_message),
      loops_(loops),
      random_(random),
      clock_(clock),
      answered_(metrics.counter("qn_auto_answers_total", "Questions answered automatically.")),
      dropped_(metrics.counter("qn_auto_answers_dropped_total",
                               "Questions not looked at because too many were waiting.")),
      options_(options) {}

void AutoAnswers::on_question(Question question) {
  if (pending_.fetch_add(1) >= options_.max_pending) {
    pending_.fetch_sub(1);
    dropped_.add();
    return;
  }
  const auto loop = static_cast<std::size_t>(question.asker.value) % loops_.size();
  loops_.spawn(loop, answer_later(std::move(question)));
}

Task<void> AutoAnswers::answer_later(Question question) {
  co_await sleep_for(options_.delay);
  const auto answered = co_await answer(std::move(question));
  if (!answered.has_value()) {
    log::warn("auto_answer.failed", {{"detail", answered.error().detail}});
  }
  pending_.fetch_sub(1);
}

Task<Result<void>> AutoAnswers::answer(Question question) {
  const auto by = Deadline::after(kRequestTime);
  CO_TRY(const auto match,
         co_await ask_answers_.best_answer(question.owner, question.payload.text, by));
  if (!match) co_return Result<void>();
  const std::string& text = match->entry.answer;
  const std::string id = random_.uuid();
  const Time now = clock_.now();
  std::vector<store::Addressed> lines;
  lines.push_back(to_asker(question, text, id, now));
  lines.push_back(to_owner(question, text, id, now));
  CO_CHECK_OK(co_await log_.append(std::move(lines), by));
  answered_.add();
  co_return Result<void>();
}

// E15: as if the owner had answered.
store::Addressed AutoAnswers::to_asker(const Question& question, const std::string& answer,
                                       const std::string& id, Time now) const {
  model::Message m = question.message;
  m.id = id;
  m.from = question.owner;
  std::swap(m.from_name, m.to_name);
  std::swap(m.from_avatar, m.to_avatar);
  m.to_id = question.asker.value;
  m.payload = with_inner_data(question.payload, answer);
  m.options = "{}";
  m.sender_uuid = question.owner_uuid;
  m.create_time = now;
  // The owner is told in words of its own, unless that is the asker.
  const bool is_own = question.owner == question.asker;
  return {.to = model::ConversationKey::single(question.asker, question.owner),
          .message = {.uuid = id,
                      .sender = question.owner,
                      .hidden_from = is_own ? UserId() : question.owner,
                      .type = m.type,
                      .body = write_message_(m),
                      .text = answer,
                      .created_at = now}};
}

// E16: what was answered in the owner's name.
store::Addressed AutoAnswers::to_owner(const Question& question, const std::string& answer,
                                       const std::string& id, Time now) const {
  model::Message m = question.message;
  m.id = id;
  m.type = "systemNotice";
  m.payload = text_payload(std::string(texts::kAutoAnswerHead) + answer);
  m.options = "{}";
  m.create_time = now;
  return write_notice(model::ConversationKey::notice(question.owner), m, write_message_);
}

}  // namespace qn::chat
