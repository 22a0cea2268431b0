#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/message.h"
#include "model/person.h"
#include "model/user.h"
#include "store/message_log.h"

namespace qn::chat {

// Who may say what to whom (chat-rules-and-tables.md §3, §5, §7). Pure: facts in,
// kRefused with the contract's text out. The log asks them inside the transaction
// that appends the message, so that two sends at once cannot both pass a limit.

// Defect S26: other types would let people forge notices.
Result<void> check_type(std::string_view type);
// What clients may call a message by: 1 to 64 of A-Z a-z 0-9 _ -; "" is none.
Result<void> check_client_msg_id(std::string_view id);

Result<void> check_single(const store::SingleFacts& facts, Time now);
// Whether the message counts towards the one that strangers may send (defect C8).
bool is_from_stranger(const store::SingleFacts& facts);

// What somebody whose friend row of the person is `row` calls them: remark,
// nickname, account name (§6). Around visitors there are no remarks.
const std::string& name_in_message(const model::Person& person,
                                   const std::optional<store::FriendFlags>& row,
                                   model::Role sender);

// Gives a message of somebody in a group its names and pictures (§6).
void name_in_group(model::Message& message, const store::GroupPlace& place);

Result<void> check_group(const store::GroupFacts& facts, Time now);

// Own messages, for kRecallWindow (defects S14, C17).
inline constexpr std::chrono::minutes kRecallWindow{5};
Result<void> check_recall(const store::RecallFacts& facts, Time now);

}  // namespace qn::chat
