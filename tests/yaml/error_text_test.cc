#include "service/yaml/error_text.h"

#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

TEST(ErrorTextTest, QuotesAsOneLineOfPrintableAscii) {
  EXPECT_EQ(QuoteForError("15m"), R"("15m")");
  EXPECT_EQ(QuoteForError(""), R"("")");
  EXPECT_EQ(QuoteForError("a\"b\\\n\x1B[31m\xC3\xA9"),
            R"("a\"b\\\n\033[31m\303\251")");
}

TEST(ErrorTextTest, QuotesAtMost64Bytes) {
  EXPECT_EQ(QuoteForError(std::string(64, 'x')),
            '"' + std::string(64, 'x') + '"');
  EXPECT_EQ(QuoteForError(std::string(65, 'x')),
            '"' + std::string(64, 'x') + "...\"");
}

}  // namespace
}  // namespace signet
