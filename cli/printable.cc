#include "cli/printable.h"

#include <cstddef>
#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/strings/str_format.h"

namespace signet {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// All are below U+10000, and so fit \uXXXX.
constexpr Range kNotPrinted[] = {
    {0x0000, 0x001F},  // C0
    {0x007F, 0x009F},  // DEL, C1
    {0x061C, 0x061C},  // Arabic letter mark
    {0x200B, 0x200F},  // Zero width, direction marks
    {0x2028, 0x202E},  // Separators, embeddings, overrides
    {0x2060, 0x206F},  // Invisible operators, isolates
    {0xFEFF, 0xFEFF},  // Byte order mark
    {0xFFF9, 0xFFFB},  // Interlinear annotation
};

bool IsPrinted(uint32_t code_point) {
  return !absl::c_any_of(kNotPrinted, [code_point](const Range& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

// The forms of UTF-8 (RFC 3629 section 3), by their first byte.
struct Form {
  uint8_t mask;
  uint8_t lead;
  size_t size;
  uint32_t least;
};

constexpr Form kForms[] = {
    {0x80, 0x00, 1, 0x0},
    {0xE0, 0xC0, 2, 0x80},
    {0xF0, 0xE0, 3, 0x800},
    {0xF8, 0xF0, 4, 0x10000},
};

struct Character {
  uint32_t code_point;
  size_t size;
};

// What is not UTF-8 is one replacement character for each byte.
constexpr Character kReplacement = {0xFFFD, 1};

Character FirstCharacter(absl::string_view text) {
  const auto first = static_cast<uint8_t>(text.front());
  for (const Form& form : kForms) {
    if ((first & form.mask) != form.lead) continue;
    if (text.size() < form.size) return kReplacement;
    uint32_t code_point = first & static_cast<uint8_t>(~form.mask);
    for (const char c : text.substr(1, form.size - 1)) {
      const auto byte = static_cast<uint8_t>(c);
      if ((byte & 0xC0U) != 0x80U) return kReplacement;
      code_point = code_point << 6U | (byte & 0x3FU);
    }
    const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (code_point < form.least || code_point > 0x10FFFF || is_surrogate) {
      return kReplacement;
    }
    return {code_point, form.size};
  }
  return kReplacement;
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const Character character = FirstCharacter(text);
    const bool replaced = character.code_point == kReplacement.code_point;
    if (replaced) {
      printable.append("\xEF\xBF\xBD");
    } else if (IsPrinted(character.code_point)) {
      printable.append(text.data(), character.size);
    } else {
      absl::StrAppendFormat(&printable, "\\u%04x", character.code_point);
    }
    text.remove_prefix(character.size);
  }
  return printable;
}

}  // namespace signet
