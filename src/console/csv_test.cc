#include "console/csv.h"

#include <gtest/gtest.h>

namespace qn::console {
namespace {

TEST(Csv, FieldsAreQuotedAndSeparated) {
  std::string out(kCsvMark);
  append_csv_field(out, "id");
  append_csv_field(out, "昵称");
  end_csv_line(out);
  append_csv_field(out, "1");
  append_csv_field(out, "a\"b,c\nd");
  end_csv_line(out);
  EXPECT_EQ(out, std::string(kCsvMark) + "\"id\",\"昵称\"\r\n\"1\",\"a\"\"b,c\nd\"\r\n");
}

// A nickname such as =HYPERLINK(…) must not run on the operator's machine.
TEST(Csv, FormulasAreDefused) {
  for (const char* text : {"=1+1", "+1", "-1", "@x", "\t=1"}) {
    std::string out;
    append_csv_field(out, text);
    EXPECT_EQ(out, std::string("\"'") + text + '"');
  }
}

TEST(Csv, AnEmptyFieldStaysOne) {
  std::string out;
  append_csv_field(out, "");
  append_csv_field(out, "");
  EXPECT_EQ(out, "\"\",\"\"");
}

}  // namespace
}  // namespace qn::console
