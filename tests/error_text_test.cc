#include "service/error_text.h"

#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

TEST(ErrorTextTest, QuotesAsOneLineOfPrintableAscii) {
  EXPECT_EQ(QuoteForError("15m"), R"("15m")");
  EXPECT_EQ(QuoteForError(""), R"("")");
  EXPECT_EQ(QuoteForError("a\"b\\\n\x1B[31m\xE2\x80\xAE"),
            R"("a\"b\\\n\033[31m\342\200\256")");
}

TEST(ErrorTextTest, QuotesAtMost64Bytes) {
  EXPECT_EQ(QuoteForError(std::string(64, 'x')),
            '"' + std::string(64, 'x') + '"');
  EXPECT_EQ(QuoteForError(std::string(65, 'x')),
            '"' + std::string(64, 'x') + "...\"");
}

}  // namespace
}  // namespace signet
