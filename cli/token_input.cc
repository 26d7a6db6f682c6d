#include "cli/token_input.h"

#include <cerrno>
#include <fstream>
#include <iostream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

// Larger than any token, and small enough for a terminal's accident.
constexpr size_t kMaxInputBytes = size_t{1024} * 1024;

absl::StatusOr<std::string> ReadStream(std::istream& input,
                                       const std::string& name) {
  std::string text(kMaxInputBytes + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (input.bad()) {
    return absl::UnavailableError(absl::StrCat(name, ": cannot be read"));
  }
  text.resize(static_cast<size_t>(input.gcount()));
  if (text.size() > kMaxInputBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": is larger than 1 MiB; this is not a token"));
  }
  return text;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream input(path, std::ios::binary);
  if (!input) {
    return absl::ErrnoToStatus(errno, absl::StrCat(path, ": cannot be opened"));
  }
  return ReadStream(input, path);
}

}  // namespace

void TokenInput::AddTo(CLI::App& command) {
  CLI::Option* token = command.add_option(
      "token", argument,
      "The token. Without it, and without --token-file, it is read from "
      "standard input");
  command.add_option("--token-file", file, "Read the token from this file")
      ->excludes(token);
}

absl::StatusOr<std::string> TokenInput::Read() const {
  absl::StatusOr<std::string> text =
      argument ? absl::StatusOr<std::string>(*argument)
      : file   ? ReadFile(*file)
               : ReadStream(std::cin, "standard input");
  if (!text.ok()) return text;
  const absl::string_view token = absl::StripAsciiWhitespace(*text);
  if (token.empty()) {
    return absl::InvalidArgumentError(
        "there is no token: give it as an argument, in --token-file, or on "
        "standard input");
  }
  return std::string(token);
}

}  // namespace signet
