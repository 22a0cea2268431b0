#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "model/group.h"
#include "model/message.h"
#include "model/person.h"
#include "store/group_store.h"

namespace qn::chat {

// The notices about groups, E6 to E13 of chat-realtime.md §6: pure functions
// from what happened to what is told. Where they go is the caller's business.
struct Notice {
  std::string id;  // UUID of the message
  Time now;
};

model::Message group_created(Notice notice, const model::Group& group, const model::Person& owner);
// `owner` with the group as it is now.
model::Message group_renamed(Notice notice, const store::GroupPlace& owner);
model::Message group_remarked(Notice notice, const store::GroupPlace& owner);

// Somebody who joins, and who brought them: "" unless a registered user did.
struct Newcomer {
  model::Group group;  // before its picture was made anew, as the reference sends it
  model::Person user;
  std::string inviter{};
};
model::Message member_joined(Notice notice, const Newcomer& newcomer);
model::Message member_approved(Notice notice, const Newcomer& newcomer);

// What the owner is told of somebody who waits.
struct JoinRequest {
  Newcomer newcomer;
  bool is_invited = false;
  std::string text;  // of the applicant or the inviter
};
model::Message approval_asked(Notice notice, const store::GroupPlace& owner,
                              const JoinRequest& request);

// `owner` with the group as it was. Times in these texts have a fixed format
// (defect C31).
model::Message group_dissolved(Notice notice, const store::GroupPlace& owner,
                               std::chrono::minutes utc_offset);
model::Message member_quit(Notice notice, const store::GroupPlace& member,
                           std::chrono::minutes utc_offset);

}  // namespace qn::chat
