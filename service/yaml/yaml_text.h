#ifndef SIGNET_SERVICE_YAML_YAML_TEXT_H_
#define SIGNET_SERVICE_YAML_YAML_TEXT_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace signet {

// TextPosition is a place in a text as editors show it: both members count
// from 1. Columns count bytes.
struct TextPosition {
  size_t line = 1;
  size_t column = 1;
};

// FindUnreadableCharacter returns the place of the first byte that does not
// belong in a YAML text: what is not UTF-8, and control characters other than
// tab and the ends of lines (YAML 1.2.2 section 5.1).
absl::optional<TextPosition> FindUnreadableCharacter(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_TEXT_H_
