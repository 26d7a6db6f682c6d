#include "service/access/text_pattern.h"

#include <cstddef>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace signet {
namespace {

constexpr absl::string_view kSeparators = "/:.-_#|@";

// Whether a host could go on where `beginning` ends.
bool EndsInHost(absl::string_view beginning) {
  const size_t scheme = beginning.find("://");
  return scheme != absl::string_view::npos &&
         !absl::StrContains(beginning.substr(scheme + 3), '/');
}

}  // namespace

absl::StatusOr<TextPattern> TextPattern::Parse(absl::string_view pattern) {
  if (pattern.empty()) return absl::InvalidArgumentError("is empty");
  absl::string_view text = pattern;
  const bool is_beginning = absl::ConsumeSuffix(&text, "*");
  if (absl::StrContains(text, '*')) {
    return absl::InvalidArgumentError("has a \"*\" that is not its end");
  }
  if (!is_beginning) return TextPattern(std::string(text), Extent::kWhole);
  if (!text.empty() &&
      (!absl::StrContains(kSeparators, text.back()) || EndsInHost(text))) {
    return absl::InvalidArgumentError(
        "before the \"*\" must stand one of / : . - _ # | @, and in a URL the "
        "whole host");
  }
  return TextPattern(std::string(text), Extent::kBeginning);
}

bool TextPattern::Allows(absl::string_view text) const {
  switch (extent_) {
    case Extent::kWhole:
      return text == text_;
    case Extent::kBeginning:
      return absl::StartsWith(text, text_);
  }
  __builtin_unreachable();
}

bool Allow(const TextPatterns& patterns, absl::string_view text) {
  return absl::c_any_of(patterns, [&](const TextPattern& pattern) {
    return pattern.Allows(text);
  });
}

}  // namespace signet
