#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "chat/events.h"

namespace qn::test {

// Keeps what was published, in order. Any thread.
class RecordingEvents final : public chat::Events {
 public:
  Task<void> publish(std::vector<chat::Event> events) override {
    const std::lock_guard lock(mu_);
    for (auto& event : events) events_.push_back(std::move(event));
    co_return;
  }

  // What came since the last call.
  std::vector<chat::Event> take() {
    const std::lock_guard lock(mu_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex mu_;
  std::vector<chat::Event> events_;
};

}  // namespace qn::test
