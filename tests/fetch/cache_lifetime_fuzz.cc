// Lifetimes: whatever a server says, the answer is within its bounds, and what
// must not be stored is of no use later.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetch/cache_lifetime.h"
#include "tests/fuzz/fuzz_target.h"

namespace signet {

// Four header fields, a line for each.
std::vector<std::string> FuzzSeeds() {
  return {"public, max-age=600\n\n\n",
          "private=\"a, b\\\"\", max-age=\"60\"\n\n\n30",
          "no-cache, no-store, must-revalidate\n0\n\n",
          "\nSun, 06 Nov 1994 08:59:37 GMT\nSun, 06 Nov 1994 08:49:37 GMT\n9",
          "\nSunday, 06-Nov-94 08:49:37 GMT\nSun Nov  6 08:49:37 1994\n",
          "max-age=99999999999999999999\n\n\n18446744073709551616"};
}

}  // namespace signet

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> lines = absl::StrSplit(input, '\n');
  const auto line = [&lines](size_t i) {
    return i < lines.size() ? lines[i] : std::string();
  };
  signet::CacheHeaders headers = {.cache_control = line(0),
                                  .expires = line(1),
                                  .date = line(2),
                                  .age = line(3)};
  const absl::Time now = absl::FromUnixSeconds(784111777);
  const std::optional<absl::Duration> lifetime =
      signet::CacheLifetime(headers, now);
  signet::RequireProperty(!lifetime || (*lifetime >= absl::ZeroDuration() &&
                                        *lifetime <= signet::kLongestLifetime),
                          "a lifetime is within its bounds");
  headers.cache_control = absl::StrCat("no-store,", headers.cache_control);
  signet::RequireProperty(
      signet::CacheLifetime(headers, now) == absl::ZeroDuration(),
      "what must not be stored has no lifetime");
  return 0;
}
