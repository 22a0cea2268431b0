#include "wire/multipart_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "wire/body.h"

namespace qn::wire {
namespace {

using Event = MultipartReader::Event;

constexpr std::string_view kType = "multipart/form-data; boundary=zz";

// The events as one text: P name [file], D for all data of a part together, E.
std::string events(std::string_view body, std::size_t step) {
  auto reader = MultipartReader::open(kType, 3);
  EXPECT_TRUE(reader.has_value());
  std::string out;
  for (;;) {
    switch (reader->next()) {
      case Event::kNeedMore: {
        if (body.empty()) return out + "early";
        const auto piece = body.substr(0, step);
        reader->push(piece);
        body.remove_prefix(piece.size());
        break;
      }
      case Event::kPart:
        out += "P " + reader->part().name + ' ' + reader->part().filename + " {";
        break;
      case Event::kData:
        EXPECT_FALSE(reader->data().empty());
        out += reader->data();
        break;
      case Event::kPartEnd:
        out += "} ";
        break;
      case Event::kEnd:
        EXPECT_EQ(reader->next(), Event::kEnd);
        return out + "end";
      case Event::kError:
        EXPECT_EQ(reader->next(), Event::kError);
        return out + reader->error().detail;
    }
  }
}

std::string events_however_cut(std::string_view body) {
  const std::string whole = events(body, body.size() + 1);
  for (std::size_t step = 1; step <= body.size(); ++step) {
    EXPECT_EQ(events(body, step), whole) << step << ' ' << body;
  }
  return whole;
}

std::string part(std::string_view disposition, std::string_view data) {
  return "--zz\r\nContent-Disposition: form-data; " + std::string(disposition) + "\r\n\r\n" +
         std::string(data) + "\r\n";
}

TEST(MultipartReader, EventsDoNotDependOnTheCuts) {
  EXPECT_EQ(events_however_cut("preamble\r\n" + part("name=a", "1") +
                               part("name=f; filename=x.png", "\r\n--z\r\n--zzy\r\n\r--zz\r\n-") +
                               "--zz--\r\n--zz\r\nepilogue"),
            "P a  {1} P f x.png {\r\n--z\r\n--zzy\r\n\r--zz\r\n-} end");
  EXPECT_EQ(events_however_cut(part("name=a", "") + "--zz--"), "P a  {} end");
  EXPECT_EQ(events_however_cut("--zz \t\r\nContent-Disposition: form-data; name=a\r\n\r\n--zz--"),
            "P a  {} end");
  EXPECT_EQ(events_however_cut("--zz--"), "end");
}

TEST(MultipartReader, NorDoErrors) {
  EXPECT_EQ(events_however_cut(part("name=a", "12")), "P a  {12early");
  EXPECT_EQ(events_however_cut(part("name=a", "12") + "--zz-"), "P a  {12early");
  EXPECT_EQ(events_however_cut("--zz\r\nnonsense\r\n\r\n"), "multipart: bad header of a part");
  const std::string field = part("name=a", "1");
  EXPECT_EQ(events_however_cut(field + field + field + field + "--zz--"),
            "P a  {1} P a  {1} P a  {1} multipart: too many parts");
}

TEST(MultipartReader, PaddingHasABound) {
  const std::string few(256, ' ');
  const std::string many(257, ' ');
  const std::string begin = "--zz\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--zz";
  const std::string end = "\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n--zz--";
  EXPECT_EQ(events_however_cut(begin + few + end), "P a  {1} P b  {2} end");
  EXPECT_TRUE(events(begin + many + end, 1).ends_with("2} end"));
  EXPECT_TRUE(events(begin + many + end, 1).starts_with("P a  {1\r\n--zz "));
  EXPECT_EQ(events(begin + many + end, 1), events(begin + many + end, 10'000));
}

TEST(MultipartReader, HoldsNoMoreThanAPiece) {
  auto reader = MultipartReader::open(kType, 1);
  ASSERT_TRUE(reader.has_value());
  reader->push("--zz\r\nContent-Disposition: form-data; name=a\r\n\r\n");
  EXPECT_EQ(reader->next(), Event::kPart);
  std::size_t total = 0;
  for (int i = 0; i < 1'000; ++i) {
    reader->push(std::string(9'999, 'x') + '\r');
    while (reader->next() == Event::kData) {
      EXPECT_LE(reader->data().size(), 10'001u);
      total += reader->data().size();
    }
  }
  EXPECT_EQ(total, 10'000'000u - 1);  // the last '\r' may begin a delimiter
}

}  // namespace
}  // namespace qn::wire
