#include "cli/printable.h"

#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"
#include "service/utf8.h"

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

}  // namespace

std::string Printable(absl::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const absl::optional<Utf8Character> first = FirstUtf8Character(text);
    if (!first) {
      printable.append("\xEF\xBF\xBD");
    } else if (IsPrinted(first->code_point)) {
      printable.append(text.data(), first->length);
    } else {
      absl::StrAppendFormat(&printable, "\\u%04x", first->code_point);
    }
    // What is not UTF-8 is replaced byte by byte.
    text.remove_prefix(first ? first->length : 1);
  }
  return printable;
}

}  // namespace signet
