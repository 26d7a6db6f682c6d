// Forms: what is read can be written in one plain way, and is then read the
// same.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/http/form.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {
namespace {

// Every byte as %XX.
std::string EscapeAll(absl::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    absl::StrAppend(&escaped, "%", absl::BytesToHexString(text.substr(i, 1)));
  }
  return escaped;
}

}  // namespace

std::vector<std::string> FuzzSeeds() {
  return {"", "token=a.b.c", "a=1&b=2", "a=%2B+%3d", "a&b=", "a=1&a=2", "=x"};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const auto form = signet::ParseForm(input);
  if (!form.ok()) return 0;
  std::string written;
  for (const auto& [name, value] : *form) {
    absl::StrAppend(&written, written.empty() ? "" : "&",
                    signet::EscapeAll(name), "=", signet::EscapeAll(value));
  }
  const auto again = signet::ParseForm(written);
  signet::RequireProperty(again.ok() && *again == *form,
                          "a form is read as it was written");
  return 0;
}
