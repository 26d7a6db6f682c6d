#include "service/yaml/yaml_scalar.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace signet {
namespace {

// google/protobuf/duration.proto: 10,000 years, near enough.
constexpr absl::Duration kMaxDuration = absl::Seconds(315'576'000'000);

// Excludes what absl::SimpleAtod reads beyond decimal numbers: white space, a
// plus sign, "inf", "nan" and hexadecimal.
bool LooksDecimal(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  return !text.empty() && absl::ascii_isdigit(text.front()) &&
         absl::ascii_isdigit(text.back()) &&
         text.find_first_not_of("0123456789.eE+-") == absl::string_view::npos;
}

}  // namespace

bool IsDecimalInteger(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  if (text.size() > 1 && text.front() == '0') return false;
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c);
  });
}

absl::optional<double> ReadDouble(absl::string_view text) {
  double value = 0;
  if (!LooksDecimal(text) || !absl::SimpleAtod(text, &value) ||
      !std::isfinite(value)) {
    return absl::nullopt;
  }
  return value;
}

absl::optional<float> ReadFloat(absl::string_view text) {
  float value = 0;
  if (!LooksDecimal(text) || !absl::SimpleAtof(text, &value) ||
      !std::isfinite(value)) {
    return absl::nullopt;
  }
  return value;
}

absl::optional<bool> ReadBool(absl::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return absl::nullopt;
}

absl::optional<absl::Duration> ReadDuration(absl::string_view text) {
  // Whole numbers only: absl::ParseDuration drops what is finer than it can
  // hold, and with it would accept "0.1ns" as nothing at all.
  const bool whole_numbers =
      std::all_of(text.begin(), text.end(),
                  [](char c) { return absl::ascii_isalnum(c); }) &&
      !text.empty() && absl::ascii_isdigit(text.front());
  absl::Duration duration;
  if (!whole_numbers || !absl::ParseDuration(text, &duration) ||
      duration > kMaxDuration) {
    return absl::nullopt;
  }
  return duration;
}

}  // namespace signet
