#include "service/access/spiffe_id.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace signet {
namespace {

constexpr size_t kMaxSpiffeIdBytes = 2048;
constexpr size_t kMaxTrustDomainBytes = 255;

bool IsMark(char c) { return c == '.' || c == '-' || c == '_'; }

bool IsTrustDomain(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxTrustDomainBytes &&
         absl::c_all_of(text, [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || IsMark(c);
         });
}

bool IsSegment(absl::string_view text) {
  return !text.empty() && text != "." && text != ".." &&
         absl::c_all_of(
             text, [](char c) { return absl::ascii_isalnum(c) || IsMark(c); });
}

}  // namespace

bool IsSpiffeId(absl::string_view text) {
  if (text.size() > kMaxSpiffeIdBytes) return false;
  if (!absl::ConsumePrefix(&text, kSpiffeScheme)) return false;
  const size_t slash = text.find('/');
  if (!IsTrustDomain(text.substr(0, slash))) return false;
  if (slash == absl::string_view::npos) return true;
  return absl::c_all_of(absl::StrSplit(text.substr(slash + 1), '/'), IsSegment);
}

bool IsWorkloadSpiffeId(absl::string_view text) {
  return IsSpiffeId(text) &&
         text.find('/', kSpiffeScheme.size()) != absl::string_view::npos;
}

}  // namespace signet
