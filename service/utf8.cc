#include "service/utf8.h"

namespace signet {
namespace {

size_t LengthFromLeadByte(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

}  // namespace

absl::optional<Utf8Character> FirstUtf8Character(absl::string_view text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = LengthFromLeadByte(lead);
  if (length == 0 || length > text.size()) return absl::nullopt;
  if (length == 1) return Utf8Character{lead, 1};

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
  return Utf8Character{code_point, length};
}

}  // namespace signet
