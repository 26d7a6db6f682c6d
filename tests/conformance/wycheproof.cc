#include "tests/conformance/wycheproof.h"

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/conformance/test_vectors.h"

namespace signet {
namespace {

void ExpectMembersAmong(JsonObject object,
                        const std::vector<absl::string_view>& known,
                        absl::string_view where) {
  for (const auto& member : object) {
    const absl::string_view name(member.key.data(), member.key.size());
    EXPECT_TRUE(absl::c_linear_search(known, name))
        << where << ": this runner does not understand the field " << name;
  }
}

ExpectedResult ReadResult(JsonObject test, absl::string_view where) {
  const std::string result = StringMember(test, "result");
  if (result == "valid") return ExpectedResult::kValid;
  if (result == "acceptable") return ExpectedResult::kAcceptable;
  EXPECT_EQ(result, "invalid") << where << ": unknown result";
  return ExpectedResult::kInvalid;
}

void ExpectKnownFlags(JsonObject test, const WycheproofFormat& format,
                      absl::string_view where) {
  for (const JsonValue flag : ArrayMember(test, "flags")) {
    EXPECT_TRUE(absl::c_linear_search(format.flags, AsString(flag).value()))
        << where << ": this runner does not understand the flag "
        << AsString(flag).value();
  }
}

}  // namespace

size_t RunWycheproof(absl::string_view file, const WycheproofFormat& format,
                     const std::function<void(const WycheproofCase&)>& run) {
  const JsonDocument document =
      ReadJsonVector(absl::StrCat("wycheproof/", file));
  ExpectKnownMembers(
      document.object(),
      {"algorithm", "schema", "numberOfTests", "header", "notes", "testGroups"},
      file);
  size_t count = 0;
  for (const JsonValue value : ArrayMember(document.object(), "testGroups")) {
    const JsonObject group = AsObject(value).value();
    ExpectMembersAmong(group, format.group_fields, file);
    for (const JsonValue test_value : ArrayMember(group, "tests")) {
      const JsonObject test = AsObject(test_value).value();
      const int64_t id = IntegerMember(test, "tcId");
      const std::string where =
          absl::StrCat(file, " tc", id, ": ", StringMember(test, "comment"));
      ExpectMembersAmong(test, format.case_fields, where);
      ExpectKnownFlags(test, format, where);
      run({id, ReadResult(test, where), group, test, where});
      ++count;
    }
  }
  EXPECT_EQ(static_cast<int64_t>(count),
            IntegerMember(document.object(), "numberOfTests"));
  return count;
}

std::string HexMember(JsonObject object, absl::string_view name) {
  return absl::HexStringToBytes(StringMember(object, name));
}

}  // namespace signet
