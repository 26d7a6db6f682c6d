#include "tests/conformance/latchset_files.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/conformance/test_vectors.h"

namespace signet {

std::vector<std::string> LatchsetFiles() {
  return ListVectors("latchset_jose");
}

std::vector<std::string> LatchsetFiles(absl::string_view extension) {
  std::vector<std::string> files;
  for (const std::string& file : LatchsetFiles()) {
    if (ExtensionOf(file) == extension) files.push_back(file);
  }
  return files;
}

std::string ReadLatchset(absl::string_view file) {
  std::string text = ReadVector(absl::StrCat("latchset_jose/", file));
  const absl::string_view name = absl::StripAsciiWhitespace(text);
  return absl::EndsWith(name, ".jwk") ? ReadLatchset(name) : text;
}

std::string ExtensionOf(absl::string_view file) {
  return std::string(file.substr(file.rfind('.') + 1));
}

}  // namespace signet
