#ifndef SIGNET_SERVICE_ACCESS_TEXT_PATTERN_H_
#define SIGNET_SERVICE_ACCESS_TEXT_PATTERN_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// TextPattern allows one text or, spelled with "*" at its end, all texts that
// begin as it does. Compared byte for byte from the start.
class TextPattern {
 public:
  // Parse returns InvalidArgument for an empty pattern, a "*" elsewhere, and a
  // "*" behind what is no separator: "https://a.example*" would allow
  // "https://a.example.attacker.example".
  static absl::StatusOr<TextPattern> Parse(absl::string_view pattern);

  bool Allows(absl::string_view text) const;

 private:
  enum class Extent { kWhole, kBeginning };

  TextPattern(std::string text, Extent extent)
      : text_(std::move(text)), extent_(extent) {}

  std::string text_;
  Extent extent_;
};

// TextPatterns allow what one of them allows.
using TextPatterns = std::vector<TextPattern>;
bool Allow(const TextPatterns& patterns, absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_TEXT_PATTERN_H_
