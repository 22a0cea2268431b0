#include "support/log_reader.h"

#include <gtest/gtest.h>

#include "store/test_support.h"

namespace qn::test {
namespace {

constexpr std::string_view kSelect = R"(
SELECT message.id, conversation.kind, message.body, member.user_id
FROM message JOIN conversation ON conversation.id = message.conversation_id
LEFT JOIN member ON member.conversation_id = message.conversation_id
  AND member.user_id <> message.hidden_from AND member.joined_seq < message.seq
  AND (member.left_seq IS NULL OR message.seq <= member.left_seq)
WHERE message.id > $1 ORDER BY message.id, member.user_id)";

}  // namespace

std::string Told::said() const {
  const auto* data = object.if_contains("data");
  const auto* inner = data != nullptr && data->is_object() ? &data->get_object() : nullptr;
  const auto* text = inner != nullptr ? inner->if_contains("data") : nullptr;
  return text != nullptr && text->is_string() ? std::string(text->get_string()) : "";
}

std::string Told::text(std::string_view key) const {
  const auto* value = object.if_contains(boost::json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::int64_t Told::number(std::string_view key) const {
  const auto* value = object.if_contains(boost::json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_int64() ? value->get_int64() : -1;
}

std::vector<Told> LogReader::take() {
  std::vector<Told> all;
  store::Database::Job job = [&](store::Connection& c) {
    const store::Param params[] = {seen_};
    return c.query(kSelect, params, [&](const store::Row& row) {
      if (row.integer(0) != seen_) {
        seen_ = row.integer(0);
        const auto body =
            boost::json::parse(boost::json::string_view(row.text(2).data(), row.text(2).size()));
        all.push_back({.to = {}, .kind = std::string(row.text(1)), .object = body.as_object()});
      }
      if (!row.is_null(3)) all.back().to.emplace_back(row.integer(3));
    });
  };
  EXPECT_TRUE(store::test::run(db_.read(std::move(job), store::test::soon())));
  return all;
}

}  // namespace qn::test
