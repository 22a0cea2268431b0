#include "gateway/online_list.h"

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "base/event_loops.h"
#include "gateway/gateway_loop.h"
#include "gateway/socket_handler.h"

namespace qn::gateway {
namespace {

using chat::Online;
using chat::OnlineSocket;

bool is_newer(const OnlineSocket& a, const OnlineSocket& b) {
  return a.id > b.id;
}

// What the loops find. Each adds its part once.
struct Finds {
  std::mutex mu;
  Online::Page page;    // guarded by mu
  std::size_t missing;  // guarded by mu: loops that are not done
  std::function<void()> resume;
};

// A heap with the oldest on top, so that it can be replaced.
void keep_newest(std::vector<OnlineSocket>& heap, std::size_t most, const SocketHandler& socket) {
  if (heap.size() == most && (most == 0 || heap.front().id > socket.id())) return;
  if (heap.size() == most) {
    std::pop_heap(heap.begin(), heap.end(), is_newer);
    heap.pop_back();
  }
  heap.push_back(socket.describe());
  std::push_heap(heap.begin(), heap.end(), is_newer);
}

void add(Finds& finds, Online::Page part) {
  bool is_last = false;
  {
    const std::lock_guard lock(finds.mu);
    finds.page.total += part.total;
    auto& all = finds.page.sockets;
    all.insert(all.end(), std::make_move_iterator(part.sockets.begin()),
               std::make_move_iterator(part.sockets.end()));
    is_last = --finds.missing == 0;
  }
  if (is_last) finds.resume();
}

Task<void> look(std::shared_ptr<GatewayCore> core, std::size_t loop, std::string keyword,
                std::size_t most, std::shared_ptr<Finds> finds) {
  Online::Page part;
  const auto& ring = core->parts[loop]->sockets();
  for (std::size_t i = 0; i < ring.slots(); ++i) {
    if (ring.slot(i).empty()) continue;
    for (const SocketHandler* const socket : ring.slot(i)) {
      if (!socket->matches(keyword)) continue;
      ++part.total;
      keep_newest(part.sockets, most, *socket);
    }
    co_await sleep_for(std::chrono::milliseconds(0));
  }
  add(*finds, std::move(part));
}

}  // namespace

Task<Online::Page> list_online(std::shared_ptr<GatewayCore> core, std::string keyword,
                               std::size_t limit, std::size_t offset) {
  const std::size_t most =
      std::min(kMaxListed, std::min(kMaxListed, offset) + std::min(kMaxListed, limit));
  auto finds = std::make_shared<Finds>();
  finds->missing = core->loops.size();
  std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    finds->resume = std::move(resume);
    for (std::size_t i = 0; i < core->loops.size(); ++i) {
      core->loops.spawn(i, look(core, i, keyword, most, finds));
    }
  };
  co_await suspend(std::move(start));

  auto& sockets = finds->page.sockets;
  std::sort(sockets.begin(), sockets.end(), is_newer);
  sockets.erase(sockets.begin(),
                sockets.begin() + static_cast<std::ptrdiff_t>(std::min(offset, sockets.size())));
  if (sockets.size() > limit) sockets.resize(limit);
  co_return std::move(finds->page);
}

}  // namespace qn::gateway
