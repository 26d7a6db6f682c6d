#ifndef SIGNET_SERVICE_UTF8_H_
#define SIGNET_SERVICE_UTF8_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace signet {

// Utf8Character is a character, and how many bytes of UTF-8 it takes.
struct Utf8Character {
  uint32_t code_point;
  size_t length;
};

// FirstUtf8Character decodes the first character of `text`, which is not
// empty; nothing, if it is not well-formed UTF-8 (RFC 3629 section 4).
absl::optional<Utf8Character> FirstUtf8Character(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_UTF8_H_
