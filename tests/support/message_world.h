#pragma once

#include <memory>
#include <string>
#include <utility>

#include "chat/ask_answers.h"
#include "chat/auto_answers.h"
#include "chat/inbox.h"
#include "chat/recall.h"
#include "chat/send_message.h"
#include "store/askanswer_store.h"
#include "store/message_log.h"
#include "store/test_support.h"
#include "support/group_world.h"

namespace qn::test {

// People who write to each other.
class MessageWorld : public GroupWorld {
 public:
  explicit MessageWorld(chat::AutoAnswerOptions answering = {.delay = Millis(1)},
                        chat::RateOptions rates = {.send_per_user = {1'000, Millis(60'000)}})
      : messages(store::make_message_log(*people.db)),
        ask_answer_rows(store::make_askanswer_store(*people.db)),
        limits(*people.cache, rates, people.metrics),
        ask_answers(*ask_answer_rows, limits, people.clock, {}),
        answers(ask_answers, *messages, &wire::write_message, people.loops, people.random,
                people.clock, people.metrics, answering),
        sender(*messages, &wire::write_message, answers, limits, people.random, people.clock, {}),
        recall(*messages, &wire::write_message, people.clock),
        inbox(*people.sessions, *messages, *people.cache, &wire::write_message, people.random,
              people.clock) {}
  ~MessageWorld() {
    // What waits on the loop uses the services.
    EXPECT_TRUE(store::test::eventually([&] { return answers.pending() == 0; }));
  }

  static chat::Outgoing to(const chat::Caller& recipient, const std::string& data = "hi") {
    return {.to = recipient.user.value, .type = "text", .data = data};
  }
  static chat::Outgoing to(GroupId group, const std::string& data = "hi") {
    return {.chat_type = model::ChatType::kGroup, .to = group.value, .type = "text", .data = data};
  }

  Result<std::string> send(const chat::Caller& from, chat::Outgoing outgoing) {
    return run(sender.send(from, std::move(outgoing), soon()));
  }
  // The answer as an object; {} and a failure when it was refused.
  boost::json::object sent(const chat::Caller& from, chat::Outgoing outgoing) {
    const auto answer = send(from, std::move(outgoing));
    EXPECT_TRUE(answer) << answer.error().text;
    return answer ? boost::json::parse(*answer).as_object() : boost::json::object();
  }
  // "ok" or the refusal.
  std::string said(const chat::Caller& from, chat::Outgoing outgoing) {
    const auto answer = send(from, std::move(outgoing));
    return answer ? "ok" : answer.error().text;
  }
  void set_userset(const chat::Caller& user, const std::string& userset) {
    execute("UPDATE \"user\" SET userset = '" + userset +
            "' WHERE id = " + std::to_string(user.user.value));
  }

  std::unique_ptr<store::MessageLog> messages;
  std::unique_ptr<store::AskAnswerStore> ask_answer_rows;
  chat::RateLimits limits;
  chat::AskAnswers ask_answers;
  chat::AutoAnswers answers;
  chat::SendMessage sender;
  chat::Recall recall;
  chat::Inbox inbox;
};

}  // namespace qn::test
