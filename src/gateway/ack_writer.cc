#include "gateway/ack_writer.h"

#include <algorithm>
#include <utility>

#include "base/deadline.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "gateway/core.h"
#include "gateway/gateway_loop.h"

namespace qn::gateway {
namespace {

bool may_pass(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kOverloaded ||
         error.code == ErrorCode::kDeadline;
}

}  // namespace

void AckWriter::add(OnlineSession& session, bool hurry) {
  if (waiting_.empty()) due_ = core_.now() + core_.options.ack_write;
  if (!session.is_in_ack_queue) {
    session.is_in_ack_queue = true;
    waiting_.push_back(session.shared_from_this());
  }
  if (hurry || waiting_.size() >= core_.options.ack_batch) run();
}

void AckWriter::on_tick(Instant now) {
  if (!waiting_.empty() && (now >= due_ || core_.is_stopping)) run();
}

void AckWriter::run() {
  if (std::exchange(is_running_, true)) return;
  // Never from inside the session's call.
  core_.post(loop_, [this](GatewayLoop&) {
    core_.loops.spawn(loop_, write_all(core_.shared_from_this(), *this));
  });
}

Task<void> AckWriter::write_all(std::shared_ptr<GatewayCore> core, AckWriter& writer) {
  while (!writer.waiting_.empty()) {
    Batch sessions;
    auto batch = writer.collect(sessions);
    core->ack_batch.observe(static_cast<double>(batch.size()));
    co_await write(core, std::move(batch));
    writer.on_written(sessions);
  }
  writer.is_running_ = false;
}

std::vector<model::Delivered> AckWriter::collect(Batch& sessions) {
  std::vector<model::Delivered> batch;
  const std::size_t most = core_.options.ack_batch;
  while (!waiting_.empty() && batch.size() < most) {
    auto session = std::move(waiting_.front());
    waiting_.pop_front();
    session->is_in_ack_queue = false;
    session->sent().take(session->user(), most - batch.size(), batch);
    sessions.push_back(std::move(session));
  }
  // The rest of the last one comes with the next batch.
  if (!sessions.empty() && sessions.back()->sent().has_acknowledged()) {
    sessions.back()->is_in_ack_queue = true;
    waiting_.push_front(sessions.back());
  }
  return batch;
}

Task<void> AckWriter::write(std::shared_ptr<GatewayCore> core,
                            std::vector<model::Delivered> batch) {
  auto delay = core->options.retry_first;
  while (!batch.empty()) {
    auto copy = batch;
    const auto by = Deadline::after(core->options.store_wait);
    const auto done = co_await core->inbox.note_delivered(std::move(copy), by);
    if (done.has_value()) co_return;
    log::warn("gateway.ack_failed", {{"code", to_string(done.error().code)},
                                     {"detail", done.error().detail},
                                     {"stretches", batch.size()}});
    // Without it they may be delivered again, but nothing is lost.
    if (!may_pass(done.error())) co_return;
    co_await sleep_for(delay);
    delay = std::min(delay * 2, core->options.retry_most);
  }
}

void AckWriter::on_written(const Batch& sessions) {
  auto& loop = *core_.parts[loop_];
  for (const auto& session : sessions) {
    session->on_written();
    session->shrink();
    loop.reap(*session);
  }
}

}  // namespace qn::gateway
