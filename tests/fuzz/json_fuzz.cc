// JSON: what is read can be written and read again as the same, and strings
// survive our own writer.

#include "absl/strings/string_view.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {
namespace {

// Writes and reads back every string of `value`.
void RequireStringsSurvive(JsonValue value) {
  if (const auto text = AsString(value)) {
    const auto again = JsonDocument::Parse(ToJsonString(*text));
    RequireProperty(again.ok() && AsString(again->root()) == *text,
                    "a string reads back as it was written");
  } else if (const auto array = AsArray(value)) {
    for (const JsonValue element : *array) RequireStringsSurvive(element);
  } else if (const auto object = AsObject(value)) {
    for (const auto& member : *object) {
      RequireProperty(
          FindMember(*object, {member.key.data(), member.key.size()})
              .has_value(),
          "a member is found by its name");
      RequireStringsSurvive(member.value);
    }
  }
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  return {R"({"a":1,"b":[true,false,null],"c":{"d":"e"}})",
          R"({"\u0061":"\ud83d\ude00\n\"\\","é":-0.5e-3})",
          R"([18446744073709551615,-9223372036854775808,1.7e308,1e-320])",
          R"({"iss":"https://issuer.example","aud":["a","b"],"exp":1.5e9})",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
          (R"({"0":0,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,)"
           R"("a":0,"b":0,"c":0,"d":0,"e":0,"f":0,"g":0})")};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using signet::JsonDocument;
  using signet::ToJson;
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const auto document = JsonDocument::Parse(input);
  if (!document.ok()) return 0;
  const std::string written = ToJson(document->root());
  const auto again = JsonDocument::Parse(written);
  signet::RequireProperty(again.ok(), "what is written can be read");
  signet::RequireProperty(ToJson(again->root()) == written,
                          "what is read again is the same");
  signet::RequireStringsSurvive(document->root());
  return 0;
}
