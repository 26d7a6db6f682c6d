#ifndef SIGNET_SERVICE_YAML_YAML_SCALAR_H_
#define SIGNET_SERVICE_YAML_YAML_SCALAR_H_

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace signet {

// IsDecimalInteger reports whether `text` is a whole number as JSON writes it:
// no plus sign, and no leading zeros, which some would read as octal.
bool IsDecimalInteger(absl::string_view text);

// ReadInteger returns the whole number that `text` is, if `Integer` holds it.
template <typename Integer>
absl::optional<Integer> ReadInteger(absl::string_view text) {
  Integer value;
  if (!IsDecimalInteger(text) || !absl::SimpleAtoi(text, &value)) {
    return absl::nullopt;
  }
  return value;
}

// ReadDouble returns the finite number that `text` is.
absl::optional<double> ReadDouble(absl::string_view text);

// ReadFloat returns the finite number that `text` is, rounded to a float.
absl::optional<float> ReadFloat(absl::string_view text);

// ReadBool returns what `text` is of "true" and "false". YAML 1.1's other
// spellings ("yes", "on") are not booleans.
absl::optional<bool> ReadBool(absl::string_view text);

// ReadDuration returns the duration that `text` is: whole numbers of h, m, s,
// ms, us or ns, like "1h30m", or "0". It is not negative, and at most what
// google.protobuf.Duration holds.
absl::optional<absl::Duration> ReadDuration(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_SCALAR_H_
