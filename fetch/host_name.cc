#include "fetch/host_name.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace signet {
namespace {

// RFC 1035 section 2.3.4.
constexpr size_t kMaxLabelBytes = 63;
constexpr size_t kMaxNameBytes = 253;

bool IsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMaxLabelBytes &&
         label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '_';
         });
}

// Resolvers read what ends in a number as an IPv4 address in one of its old
// spellings: "127.1", "0x7f.1", "017700000001".
bool IsNumber(absl::string_view label) {
  if (absl::StartsWithIgnoreCase(label, "0x")) {
    return std::all_of(label.begin() + 2, label.end(),
                       [](char c) { return absl::ascii_isxdigit(c); });
  }
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return absl::ascii_isdigit(c); });
}

}  // namespace

bool IsHostName(absl::string_view host) {
  if (host.size() > kMaxNameBytes) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  return std::all_of(labels.begin(), labels.end(), IsLabel) &&
         !IsNumber(labels.back());
}

}  // namespace signet
