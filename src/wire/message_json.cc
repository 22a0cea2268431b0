#include "wire/message_json.h"

#include <string_view>

#include "wire/object_writer.h"

namespace qn::wire {
namespace {

// The keys of a message with an average picture and name, without what it says.
constexpr std::size_t kMessageBytes = 512;

void write_sender(ObjectWriter& out, const model::Message& m) {
  out.text("from_avatar", m.from_avatar).text("from_name", m.from_name);
  if (const auto* user = std::get_if<UserId>(&m.from)) {
    out.number("from_id", user->value);
  } else {
    out.text("from_id", std::get<std::string>(m.from));
  }
}

// People's data is JSON as a text, ours an object.
void write_data(ObjectWriter& out, const model::Message& m) {
  if (!m.payload.empty()) {
    out.text("data", m.payload);
    return;
  }
  ObjectWriter(out.begin("data"))
      .text("data", m.text)
      .raw("dataType", "false")
      .raw("otherData", "null")
      .end();
}

void write_redirect(ObjectWriter& out, const model::Redirect& redirect) {
  ObjectWriter object(out.begin("redirect"));
  object.text("url", redirect.url).text("type", redirect.type);
  if (!redirect.desc.empty()) object.raw("desc", redirect.desc);
  if (!redirect.action.empty()) object.text("doaction", redirect.action);
  object.end();
}

void write_group(ObjectWriter& out, const model::Message& m) {
  if (m.is_recall) {
    out.raw("group", "null");
  } else if (m.is_guide) {
    out.raw("group", "{}");
  } else if (m.group) {
    ObjectWriter(out.begin("group"))
        .number("id", m.group->id.value)
        .text("uuid", m.group->uuid)
        .number("user_id", m.group->owner.value)
        .text("name", m.group->name)
        .text("avatar", m.group->avatar)
        .text("remark", m.group->remark)
        .number("invite_confirm", m.group->invite_confirm)
        .number("status", m.group->status)
        .end();
  }
}

}  // namespace

std::string write_message(const model::Message& m) {
  std::string json;
  json.reserve(kMessageBytes + m.payload.size() + m.text.size() + m.to_avatar.size());
  ObjectWriter out(json);
  out.text("id", m.id);
  write_sender(out, m);
  out.number("to_id", m.to_id).text("to_name", m.to_name).text("to_avatar", m.to_avatar);
  out.text("chatType", m.chat_type == model::ChatType::kGroup ? "group" : "single");
  out.text("type", m.type);
  if (m.is_recall) out.text("actionType", "revoke");
  write_data(out, m);
  if (m.redirect) write_redirect(out, *m.redirect);
  out.raw("options", m.options ? std::string_view(*m.options) : "null");
  out.number("create_time", to_millis(m.create_time)).number("isremove", 0);
  write_group(out, m);
  if (!m.sender_uuid.empty()) out.text("sendUUid", m.sender_uuid);
  if (!m.msgid_key.empty()) out.text("msgidKey", m.msgid_key);
  out.end();
  return json;
}

}  // namespace qn::wire
