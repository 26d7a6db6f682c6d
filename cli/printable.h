#ifndef SIGNET_CLI_PRINTABLE_H_
#define SIGNET_CLI_PRINTABLE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace signet {

// Printable returns `text` without anything that a terminal would obey: control
// characters (C0, DEL, C1), line separators, and the invisible characters that
// reorder text become \uXXXX, which inside JSON is the same character. Bytes
// that are not UTF-8 become U+FFFD.
std::string Printable(absl::string_view text);

}  // namespace signet

#endif  // SIGNET_CLI_PRINTABLE_H_
