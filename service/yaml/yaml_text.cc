#include "service/yaml/yaml_text.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace signet {
namespace {

struct Character {
  uint32_t code_point;
  size_t length;
};

size_t LengthFromLeadByte(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// Decodes the first character of `text`, unless it is not well-formed UTF-8
// (RFC 3629 section 4).
absl::optional<Character> FirstCharacter(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = LengthFromLeadByte(lead);
  if (length == 0 || length > text.size()) return absl::nullopt;
  if (length == 1) return Character{lead, 1};

  uint32_t code_point = lead & (0x7FU >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return absl::nullopt;
    code_point = code_point << 6U | (byte & 0x3FU);
  }
  const bool overlong = (length == 3 && code_point < 0x800) ||
                        (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  if (overlong || surrogate || code_point > 0x10FFFF) return absl::nullopt;
  return Character{code_point, length};
}

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
    const absl::optional<Character> first = FirstCharacter(text);
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
