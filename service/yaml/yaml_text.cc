#include "service/yaml/yaml_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/utf8.h"

namespace signet {
namespace {

// A carriage return counts only as part of "\r\n": alone, it ends a line for
// some programs and not for others.
bool IsForbiddenControl(uint32_t code_point, absl::string_view text) {
  if (code_point == '\t' || code_point == '\n') return false;
  if (code_point == '\r') return !absl::StartsWith(text, "\r\n");
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

}  // namespace

absl::optional<TextPosition> FindUnreadableCharacter(absl::string_view text) {
  TextPosition position;
  while (!text.empty()) {
    const absl::optional<Utf8Character> first = FirstUtf8Character(text);
    if (!first || IsForbiddenControl(first->code_point, text)) return position;
    if (first->code_point == '\n') {
      position = {.line = position.line + 1, .column = 1};
    } else {
      position.column += first->length;
    }
    text.remove_prefix(first->length);
  }
  return absl::nullopt;
}

}  // namespace signet
