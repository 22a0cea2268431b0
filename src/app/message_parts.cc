#include "app/message_parts.h"

#include "bus/inproc/memory_presence.h"
#include "wire/message_json.h"

namespace qn::app {
namespace {

gateway::GatewayOptions gateway_options(const Settings& settings) {
  gateway::GatewayOptions options = settings.gateway;
  options.per_address = settings.rates.per_address;
  return options;
}

}  // namespace

MessageParts::MessageParts(const Needs& n)
    : log_(store::make_message_log(n.db)),
      presence_(bus::make_memory_presence()),
      inbox_(n.sessions, *log_, n.cache, &wire::write_message, n.random, n.clock),
      auto_answers_(n.ask_answers, *log_, &wire::write_message, n.loops, n.random, n.clock,
                    n.metrics, {}),
      send_message(*log_, &wire::write_message, auto_answers_, n.limits, n.random, n.clock,
                   n.settings.payloads),
      recall(*log_, &wire::write_message, n.clock),
      gateway({inbox_, *presence_, n.loops, n.random, n.clock, n.metrics},
              gateway_options(n.settings)) {
  n.db.on_announced(
      [this](std::vector<model::LoggedMessage> messages) { gateway.publish(std::move(messages)); });
  n.sessions.on_ended([this](std::vector<std::string> ended, chat::EndReason reason) {
    gateway.end(std::move(ended), reason);
  });
}

}  // namespace qn::app
