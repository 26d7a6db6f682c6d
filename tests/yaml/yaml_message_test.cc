#include "service/yaml/yaml_message.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/yaml/yaml_document.h"
#include "tests/yaml/everything_schema.h"

namespace signet {
namespace {

using ::google::protobuf::DescriptorPool;
using ::google::protobuf::DynamicMessageFactory;
using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::Message;
using ::google::protobuf::TextFormat;
using ::testing::StartsWith;

class YamlMessageTest : public testing::Test {
 protected:
  YamlMessageTest() : pool_(DescriptorPool::generated_pool()) {
    // Links the file that the schema imports.
    google::protobuf::Duration::descriptor();
    FileDescriptorProto schema;
    EXPECT_TRUE(TextFormat::ParseFromString(kEverythingSchema, &schema));
    const FileDescriptor* file = pool_.BuildFile(schema);
    message_.reset(factory_.GetPrototype(file->message_type(0))->New());
  }

  absl::Status Read(absl::string_view yaml) {
    const absl::StatusOr<YamlDocument> document =
        YamlDocument::Parse(yaml, "f");
    if (!document.ok()) return document.status();
    return YamlToMessage(*document, *message_);
  }

  std::string message() const { return message_->ShortDebugString(); }

  std::string Error(absl::string_view yaml) {
    const absl::Status status = Read(yaml);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << yaml;
    return std::string(status.message());
  }

 private:
  DescriptorPool pool_;
  DynamicMessageFactory factory_;
  std::unique_ptr<Message> message_;
};

TEST_F(YamlMessageTest, ReadsEveryTypeOfField) {
  struct Case {
    absl::string_view yaml;
    std::string message;
  };
  const Case cases[] = {
      {"{}", ""},
      {"i32: -5", "i32: -5"},
      {"i64: -9223372036854775808", "i64: -9223372036854775808"},
      {"u32: 4294967295", "u32: 4294967295"},
      {"u64: 18446744073709551615", "u64: 18446744073709551615"},
      {"f32: 0.5", "f32: 0.5"},
      {"f64: -1e100", "f64: -1e+100"},
      {"flag: true", "flag: true"},
      {"text: plain text", R"(text: "plain text")"},
      {"text: 'quoted'", R"(text: "quoted")"},
      {"text: |\n  block\n", R"(text: "block\n")"},
      {"text: 123", R"(text: "123")"},
      {"text: true", R"(text: "true")"},
      {"text: 'null'", R"(text: "null")"},
      {"use: SIGN", "use: KEY_USE_SIGN"},
      {"use: 'SIGN'", "use: KEY_USE_SIGN"},
      {"use: VERIFY", "use: VERIFY"},
      {"lifetime: 1h30m", "lifetime { seconds: 5400 }"},
      {"lifetime: '1500ms'", "lifetime { seconds: 1 nanos: 500000000 }"},
      {"lifetime: 0s", "lifetime { }"},
      {"one: x", R"(one: "x")"},
      {"other: {}", "other { }"},
      {"maybe: 0", "maybe: 0"},
      {"nested: {nested: {i32: 1}}", "nested { nested { i32: 1 } }"},
      {"nested: {}", "nested { }"},
      {"numbers: [1, 2]", "numbers: 1 numbers: 2"},
      {"numbers: []", ""},
      {"texts:\n- a\n- 'b'", R"(texts: "a" texts: "b")"},
      {"uses: [SIGN, VERIFY]", "uses: KEY_USE_SIGN uses: VERIFY"},
      {"list: [{u32: 1}, {}]", "list { u32: 1 } list { }"},
      {"labels: {a b: 1}", R"(labels { key: "a b" value: 1 })"},
      {"labels: {}", ""},
  };
  for (const Case& c : cases) {
    const absl::Status status = Read(c.yaml);
    EXPECT_TRUE(status.ok()) << c.yaml << "\n" << status;
    EXPECT_EQ(message(), c.message) << c.yaml;
  }
}

TEST_F(YamlMessageTest, RefusesValuesOfAnotherType) {
  struct Case {
    absl::string_view yaml;
    std::string error;
  };
  const Case cases[] = {
      {"[]", "f:1:1: expected a map, not a list"},
      {"text", "f:1:1: expected a map, not \"text\""},
      {"i32: x",
       "f:1:6: i32: expected a whole number from -2147483648 to 2147483647, "
       "not \"x\""},
      {"u32: '5'",
       "f:1:6: u32: expected a whole number from 0 to 4294967295, not text in "
       "quotes, \"5\""},
      {"u32: 4294967296",
       "f:1:6: u32: expected a whole number from 0 to 4294967295, not "
       "\"4294967296\""},
      {"u64: -1",
       "f:1:6: u64: expected a whole number from 0 to 18446744073709551615, "
       "not \"-1\""},
      {"u32: {a: 1}",
       "f:1:6: u32: expected a whole number from 0 to 4294967295, not a map"},
      {"f32: '1'", "f:1:6: f32: expected a number, not text in quotes, \"1\""},
      {"f64: .inf", "f:1:6: f64: expected a number, not \".inf\""},
      {"flag: yes", "f:1:7: flag: expected true or false, not \"yes\""},
      {"flag: 'true'",
       "f:1:7: flag: expected true or false, not text in quotes, \"true\""},
      {"flag: 1", "f:1:7: flag: expected true or false, not \"1\""},
      {"text:", "f:1:1: text: expected text, not null"},
      {"text: ~", "f:1:1: text: expected text, not null"},
      {"text: null", "f:1:1: text: expected text, not null"},
      {"text: [a]", "f:1:7: text: expected text, not a list"},
      {"lifetime: 90",
       "f:1:11: lifetime: expected a duration like \"90s\", \"15m\" or "
       "\"1h30m\", not \"90\""},
      {"lifetime: -5m",
       "f:1:11: lifetime: expected a duration like \"90s\", \"15m\" or "
       "\"1h30m\", not \"-5m\""},
      {"lifetime: {seconds: 5}",
       "f:1:11: lifetime: expected a duration like \"90s\", \"15m\" or "
       "\"1h30m\", not a map"},
      {"numbers: 1", "f:1:10: numbers: expected a list, not \"1\""},
      {"numbers: [1, x]",
       "f:1:14: numbers[1]: expected a whole number from 0 to 4294967295, not "
       "\"x\""},
      {"texts: [a, ~]", "f:1:12: texts[1]: expected text, not null"},
      {"nested: []", "f:1:9: nested: expected a map, not a list"},
      {"nested:", "f:1:1: nested: expected a map, not null"},
      {"list: {}", "f:1:7: list: expected a list, not a map"},
      {"list:\n- i32: 1\n- i32: 1\n  nested:\n    flag: x\n",
       "f:5:11: list[1].nested.flag: expected true or false, not \"x\""},
      {"labels: [a]", "f:1:9: labels: expected a map, not a list"},
      {"labels: {a: 1, b c: x}",
       "f:1:21: labels[\"b c\"]: expected a whole number from 0 to 4294967295, "
       "not \"x\""},
      {"raw: abc", "f:1:1: raw: this field has no form in YAML"},
      {"by_number: {1: a}", "f:1:1: by_number: this field has no form in YAML"},
  };
  for (const Case& c : cases) EXPECT_EQ(Error(c.yaml), c.error);
}

TEST_F(YamlMessageTest, RefusesUnknownNames) {
  EXPECT_EQ(Error("nested:\n  txt: x\n"),
            "f:2:3: nested.txt: unknown field; did you mean \"text\"?");
  EXPECT_THAT(Error("nested:\n  something: x\n"),
              StartsWith("f:2:3: nested.something: unknown field; expected one "
                         "of i32, i64, u32,"));
  EXPECT_EQ(Error("Text: x"),
            "f:1:1: Text: unknown field; did you mean \"text\"?");
  EXPECT_EQ(Error("\"te\\nt\": x"),
            "f:1:1: [\"te\\nt\"]: unknown field; did you mean \"text\"?");
  EXPECT_EQ(Error("use: SIGNS"),
            "f:1:6: use: unknown value \"SIGNS\"; did you mean \"SIGN\"?");
  for (const absl::string_view value :
       {"UNSPECIFIED", "KEY_USE_UNSPECIFIED", "KEY_USE_SIGN", "1", "''"}) {
    EXPECT_THAT(Error("use: " + std::string(value)),
                testing::EndsWith("; expected one of SIGN, VERIFY"));
  }
}

TEST_F(YamlMessageTest, RefusesTwoMembersOfAOneof) {
  EXPECT_EQ(Error("one: x\nother: {}"),
            "f:2:1: other: given together with one; expected only one of them");
  EXPECT_EQ(Error("other: {}\none: ''"),
            "f:2:1: one: given together with other; expected only one of them");
}

TEST_F(YamlMessageTest, ForgetsWhatTheMessageHeld) {
  ASSERT_TRUE(Read("{i32: 1, texts: [a], one: x}").ok());
  ASSERT_TRUE(Read("{texts: [b], other: {}}").ok());
  EXPECT_EQ(message(), R"(other { } texts: "b")");
}

TEST_F(YamlMessageTest, ErrorsCutLongValuesShort) {
  EXPECT_EQ(Error("flag: " + std::string(1000, 'x')),
            "f:1:7: flag: expected true or false, not \"" +
                std::string(64, 'x') + "...\"");
}

}  // namespace
}  // namespace signet
