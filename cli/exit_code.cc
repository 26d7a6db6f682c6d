#include "cli/exit_code.h"

#include <iostream>
#include <string>

#include "absl/strings/str_replace.h"
#include "cli/printable.h"

namespace signet {

ExitCode Report(const absl::Status& status) {
  const std::string line =
      absl::StrReplaceAll(status.message(), {{"\n", " "}, {"\r", " "}});
  std::cerr << "signet: " << Printable(line) << "\n";
  return ExitCode::kUndecided;
}

}  // namespace signet
