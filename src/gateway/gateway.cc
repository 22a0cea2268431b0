#include "gateway/gateway.h"

#include <chrono>
#include <future>
#include <utility>

#include "base/log.h"
#include "gateway/core.h"
#include "gateway/gateway_loop.h"
#include "gateway/online_list.h"
#include "gateway/socket_handler.h"
#include "wire/body.h"
#include "wire/envelope.h"

namespace qn::gateway {
namespace {

constexpr std::string_view kRoute = "/ws";
// What operators are shown of a browser's name.
constexpr std::size_t kMaxUserAgent = 120;
// Beyond what the loops allow themselves: something is very wrong then.
constexpr std::chrono::seconds kStopSlack{5};

Task<void> tick(std::shared_ptr<GatewayCore> core, std::size_t loop) {
  while (!core->is_stopped) {
    co_await sleep_for(core->options.tick);
    core->parts[loop]->on_tick();
  }
}

Task<void> shut(std::shared_ptr<GatewayCore> core, std::size_t loop,
                std::shared_ptr<std::promise<void>> done) {
  co_await core->parts[loop]->shut();
  done->set_value();
}

net::HttpReply refusal(std::chrono::seconds retry_after) {
  net::HttpReply reply;
  reply.status = 503;
  reply.content_type = "application/json";
  reply.body = wire::fail_envelope("连接过于频繁，请稍后再试");
  reply.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
  reply.route = kRoute;
  return reply;
}

SocketHandler::Opening read_opening(const net::HttpRequest& request) {
  SocketHandler::Opening opening;
  for (auto& [name, value] : wire::parse_pairs(request.query())) {
    if (name == "token") opening.token = std::move(value);
    if (name == "ack") opening.client_acks = value == "1";
  }
  opening.address = request.address;
  opening.user_agent = std::string(request.headers.find("User-Agent").substr(0, kMaxUserAgent));
  return opening;
}

}  // namespace

Gateway::Gateway(Needs needs, GatewayOptions options)
    : core_(std::make_shared<GatewayCore>(needs, options)) {
  for (std::size_t i = 0; i < core_->loops.size(); ++i) core_->loops.spawn(i, tick(core_, i));
}

Gateway::~Gateway() {
  stop();
}

net::HttpReply Gateway::upgrade(const net::HttpRequest& request) {
  auto opening = read_opening(request);
  std::chrono::seconds retry_after{1};
  if (core_->is_stopping) return refusal(retry_after);
  auto place = core_->admission->enter(opening.token, opening.address, core_->now(), retry_after);
  if (!place) return refusal(retry_after);
  net::HttpReply reply;
  reply.route = kRoute;
  reply.websocket = std::make_unique<SocketHandler>(core_, std::move(opening), std::move(*place));
  return reply;
}

void Gateway::publish(std::vector<model::LoggedMessage> messages) {
  if (messages.empty()) return;
  const auto batch = make_batch(std::move(messages), core_->clock.now());
  for (const auto& part : core_->parts) part->push(batch);
}

void Gateway::stop() {
  if (core_->is_stopping.exchange(true)) return;
  std::vector<std::future<void>> parts;
  for (std::size_t i = 0; i < core_->loops.size(); ++i) {
    auto done = std::make_shared<std::promise<void>>();
    parts.push_back(done->get_future());
    core_->loops.spawn(i, shut(core_, i, std::move(done)));
  }
  const auto until = std::chrono::steady_clock::now() + core_->options.stop_grace +
                     core_->options.stop_wait + kStopSlack;
  for (auto& part : parts) {
    if (part.wait_until(until) != std::future_status::ready) {
      log::error("gateway.stop_timeout");
    }
  }
  core_->is_stopped = true;
}

void Gateway::deliver_missed(UserId user, std::string session) {
  const Instant now = core_->now();
  // First remembered, then looked for: see home_directory.h.
  const auto home =
      core_->homes.remember_fetch(user, session, now, now + core_->options.early_fetch);
  if (!home) return;
  core_->post(*home, [user, session = std::move(session)](GatewayLoop& loop) {
    loop.fetch(user, session);
  });
}

void Gateway::end(std::vector<std::string> sessions, chat::EndReason reason) {
  const auto ended = std::make_shared<const std::vector<std::string>>(std::move(sessions));
  for (std::size_t i = 0; i < core_->loops.size(); ++i) {
    core_->post(i, [ended, reason](GatewayLoop& loop) { loop.end(*ended, reason); });
  }
}

Task<chat::Online::Page> Gateway::list(std::string keyword, std::size_t limit, std::size_t offset) {
  return list_online(core_, std::move(keyword), limit, offset);
}

Task<bool> Gateway::disconnect(UserId user, std::uint64_t socket) {
  const std::size_t loop = GatewayCore::loop_of(socket);
  if (loop >= core_->loops.size()) co_return false;
  bool was_there = false;
  std::function<void(std::function<void()>)> start = [&](std::function<void()> resume) {
    core_->post(loop, [&was_there, user, socket, resume = std::move(resume)](GatewayLoop& part) {
      SocketHandler* const handler = part.find_socket(socket);
      was_there = handler && handler->user() == user;
      if (was_there) handler->drop_now();
      resume();
    });
  };
  co_await suspend(std::move(start));
  co_return was_there;
}

chat::Online::Count Gateway::count() const {
  return {core_->homes.users(), core_->homes.sockets()};
}

}  // namespace qn::gateway
