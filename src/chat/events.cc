#include "chat/events.h"

namespace qn::chat {

ChatEvents::ChatEvents(Metrics& metrics)
    : events_(metrics.counter("qn_events_total", "Notices that actions of users caused.")),
      recipients_(metrics.counter("qn_event_recipients_total", "Recipients of those notices.")) {}

Task<void> ChatEvents::publish(std::vector<Event> events) {
  for (const auto& event : events) {
    events_.add();
    recipients_.add(event.to.size());
  }
  co_return;
}

}  // namespace qn::chat
