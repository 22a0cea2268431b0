#pragma once

#include <algorithm>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "chat/online.h"

namespace qn::test {

// Connections as a test says they are, for whoever only looks at them. Any thread.
class FakeOnline final : public chat::Online {
 public:
  void add(chat::OnlineSocket socket) {
    const std::lock_guard lock(mu_);
    sockets_.insert(sockets_.begin(), std::move(socket));
  }

  void deliver_missed(UserId, std::string) override {}
  void end(std::vector<std::string>, chat::EndReason) override {}
  Task<Page> list(std::string keyword, std::size_t limit, std::size_t offset) override {
    const std::lock_guard lock(mu_);
    Page page;
    for (const auto& socket : sockets_) {
      if (socket.username.find(keyword) == std::string::npos) continue;
      const auto n = static_cast<std::size_t>(page.total++);
      if (n >= offset && n < offset + limit) page.sockets.push_back(socket);
    }
    co_return page;
  }
  Task<bool> disconnect(UserId user, std::uint64_t socket) override {
    const std::lock_guard lock(mu_);
    co_return std::erase_if(sockets_, [&](const chat::OnlineSocket& one) {
      return one.user == user && one.id == socket;
    }) > 0;
  }
  Count count() const override {
    const std::lock_guard lock(mu_);
    std::set<UserId> users;
    for (const auto& socket : sockets_) users.insert(socket.user);
    return {std::ssize(users), std::ssize(sockets_)};
  }

 private:
  mutable std::mutex mu_;
  std::vector<chat::OnlineSocket> sockets_;
};

}  // namespace qn::test
