#ifndef SIGNET_SERVICE_YAML_ERROR_TEXT_H_
#define SIGNET_SERVICE_YAML_ERROR_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// QuoteForError returns `text` in double quotes, as one line of printable
// ASCII: everything else is escaped, and what follows the first 64 bytes is
// replaced by "...".
std::string QuoteForError(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_ERROR_TEXT_H_
