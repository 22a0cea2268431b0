#include "net/reply_writer.h"

#include <gtest/gtest.h>

namespace qn::net {
namespace {

class NoBody final : public BodySource {
 public:
  Task<Result<std::string>> next() override { co_return std::string(); }
};

constexpr ReplyContext kContext{"today", "0123456789abcdef", 1, true};

std::string head(const HttpReply& reply, const ReplyContext& context) {
  std::string out;
  append_reply_head(out, reply, context, framing_of(reply, context));
  return out;
}

HttpReply reply_with(std::string name, std::string value) {
  HttpReply reply;
  reply.headers.emplace_back(std::move(name), std::move(value));
  return reply;
}

TEST(ReplyWriter, WritesAWholeHead) {
  HttpReply reply;
  reply.status = 201;
  reply.content_type = "application/json";
  reply.body = "{}";
  reply.headers.emplace_back("Location", "/x");
  EXPECT_EQ(head(reply, kContext),
            "HTTP/1.1 201 Created\r\nDate: today\r\nContent-Length: 2\r\n"
            "X-Content-Type-Options: nosniff\r\nX-Request-Id: 0123456789abcdef\r\n"
            "Content-Type: application/json\r\nLocation: /x\r\n\r\n");
}

TEST(ReplyWriter, SaysWhatBecomesOfTheConnection) {
  ReplyContext context = kContext;
  EXPECT_EQ(head({}, context).find("Connection"), std::string::npos);
  context.minor_version = 0;
  EXPECT_NE(head({}, context).find("\r\nConnection: keep-alive\r\n"), std::string::npos);
  context.keep_alive = false;
  EXPECT_NE(head({}, context).find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(ReplyWriter, FramesBodies) {
  HttpReply reply;
  EXPECT_EQ(framing_of(reply, kContext), Framing::kLength);
  reply.source = std::make_unique<NoBody>();
  EXPECT_EQ(framing_of(reply, kContext), Framing::kChunked);
  ReplyContext old = kContext;
  old.minor_version = 0;
  EXPECT_EQ(framing_of(reply, old), Framing::kUntilClose);
  reply.content_length = 5;
  EXPECT_EQ(framing_of(reply, old), Framing::kLength);
  reply.status = 304;
  EXPECT_EQ(framing_of(reply, kContext), Framing::kNone);
  reply.status = 204;
  EXPECT_EQ(head(reply, kContext).find("Content-Length"), std::string::npos);
}

TEST(ReplyWriter, LeavesOutWhatWouldSplitTheHead) {
  EXPECT_EQ(head(reply_with("X-A", "b\r\nSet-Cookie: c=d"), kContext), head({}, kContext));
  EXPECT_EQ(head(reply_with("X-A\nB", "c"), kContext), head({}, kContext));
  EXPECT_EQ(head(reply_with("X-A", std::string("b\0c", 3)), kContext), head({}, kContext));
  EXPECT_NE(head(reply_with("X-A", "青\tb"), kContext).find("X-A: 青\tb\r\n"), std::string::npos);
}

TEST(ReplyWriter, KeepsItsOwnFields) {
  for (const std::string name :
       {"Content-Length", "transfer-encoding", "CONNECTION", "Date", "X-Request-ID"}) {
    EXPECT_EQ(head(reply_with(name, "1"), kContext), head({}, kContext)) << name;
  }
}

}  // namespace
}  // namespace qn::net
