#include "service/call_identity.h"

#include <cstddef>
#include <cstdint>
#include <random>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

constexpr size_t kMaxRequestIdBytes = 64;
// 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
constexpr size_t kTraceparentBytes = 55;

bool IsHex(absl::string_view text) {
  return absl::c_all_of(text, [](char c) {
    return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f');
  });
}

// Of an id: all zeros are none.
bool IsHexId(absl::string_view text) {
  return IsHex(text) && absl::c_any_of(text, [](char c) { return c != '0'; });
}

}  // namespace

bool IsRequestId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxRequestIdBytes &&
         absl::c_all_of(text, [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

std::string NewRequestId() {
  // Only calls that fail get one.
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(&id, absl::Hex(uint32_t{random()}, absl::kZeroPad8));
  }
  return id;
}

bool IsTraceparent(absl::string_view text) {
  return text.size() == kTraceparentBytes && text[2] == '-' &&
         text[35] == '-' && text[52] == '-' && IsHex(text.substr(0, 2)) &&
         text.substr(0, 2) != "ff" && IsHexId(text.substr(3, 32)) &&
         IsHexId(text.substr(36, 16)) && IsHex(text.substr(53));
}

}  // namespace signet
