#include "chat/write_notice.h"

namespace qn::chat {

using model::ConversationKey;
using store::Addressed;

Addressed write_notice(ConversationKey to, const model::Message& notice, WriteMessage write) {
  return {.to = to,
          .message = {.uuid = notice.id,
                      .sender = {},
                      .hidden_from = {},
                      .type = notice.type,
                      .body = write(notice),
                      .text = notice.text,
                      .created_at = notice.create_time}};
}

std::vector<Addressed> write_to_group(GroupId group, const model::Message& notice,
                                      WriteMessage write) {
  return {write_notice(ConversationKey::group(group), notice, write)};
}

std::vector<Addressed> write_farewell(GroupId group, const std::vector<UserId>& outsiders,
                                      const model::Message& notice, WriteMessage write) {
  std::vector<Addressed> all = write_to_group(group, notice, write);
  const store::NewMessage message = all.front().message;
  for (const UserId user : outsiders) all.push_back({ConversationKey::notice(user), message});
  return all;
}

std::vector<Addressed> write_to_user(UserId user, const model::Message& notice,
                                     WriteMessage write) {
  return {write_notice(ConversationKey::notice(user), notice, write)};
}

}  // namespace qn::chat
