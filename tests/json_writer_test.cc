#include "jose/json_writer.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "jose/json.h"

namespace signet {
namespace {

// The string that JSON text stands for.
std::string ReadBack(absl::string_view json) {
  const auto document = JsonDocument::Parse(json);
  EXPECT_TRUE(document.ok()) << document.status();
  if (!document.ok()) return "";
  return std::string(AsString(document->root()).value_or("not a string"));
}

TEST(JsonWriterTest, WritesMembersInOrder) {
  const std::string list[] = {"a", "b\"", ""};
  JsonObjectWriter writer;
  writer.AddString("string", "text")
      .AddStrings("strings", list)
      .AddStrings("none", {})
      .AddInteger("integer", -5)
      .AddBool("yes", true)
      .AddBool("no", false)
      .AddJson("json", "[1,{}]");
  EXPECT_EQ(std::move(writer).Finish(),
            R"({"string":"text","strings":["a","b\"",""],"none":[],)"
            R"("integer":-5,"yes":true,"no":false,"json":[1,{}]})");
}

TEST(JsonWriterTest, WritesAnEmptyObject) {
  EXPECT_EQ(JsonObjectWriter().Finish(), "{}");
}

TEST(JsonWriterTest, WritesStringsThatReadBackTheSame) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text =
        "<" + std::string(1, static_cast<char>(byte)) + ">";
    EXPECT_EQ(ReadBack(ToJsonString(text)), text) << byte;
  }
  for (const char* text : {"é", "日本語", "😀", "\u2028\u2029", "\x7f",
                           "\xEF\xBB\xBF", "</script>", "\\u0041"}) {
    EXPECT_EQ(ReadBack(ToJsonString(text)), text);
  }
}

TEST(JsonWriterTest, EscapesNamesToo) {
  JsonObjectWriter writer;
  writer.AddInteger("a\"\n\\", 1);
  const auto document = JsonDocument::ParseObject(std::move(writer).Finish());
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_TRUE(FindMember(document->object(), "a\"\n\\"));
}

TEST(JsonWriterTest, WritesEveryInteger) {
  for (const int64_t value :
       {std::numeric_limits<int64_t>::min(), int64_t{-1}, int64_t{0},
        std::numeric_limits<int64_t>::max()}) {
    JsonObjectWriter writer;
    writer.AddInteger("i", value);
    const auto document = JsonDocument::ParseObject(std::move(writer).Finish());
    ASSERT_TRUE(document.ok()) << document.status();
    int64_t read = 0;
    ASSERT_EQ(FindMember(document->object(), "i")->get(read),
              simdjson::SUCCESS);
    EXPECT_EQ(read, value);
  }
}

}  // namespace
}  // namespace signet
