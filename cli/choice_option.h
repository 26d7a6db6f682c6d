#ifndef SIGNET_CLI_CHOICE_OPTION_H_
#define SIGNET_CLI_CHOICE_OPTION_H_

#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace signet {

// Choices are the values of an option, as they are written and as they are
// meant.
template <typename T>
using Choices = std::vector<std::pair<std::string, T>>;

// AddChoiceOption declares an option that takes one of `choices`, and sets
// `target`, which must outlive the command.
template <typename T>
CLI::Option* AddChoiceOption(CLI::App& command, const std::string& name,
                             T& target, const Choices<T>& choices,
                             const std::string& description) {
  const auto append_name = [](std::string* out, const auto& choice) {
    absl::StrAppend(out, choice.first);
  };
  const std::string names = absl::StrJoin(choices, ", ", append_name);
  const auto choose = [=, &target](const std::string& text) {
    for (const auto& [written, meant] : choices) {
      if (written == text) {
        target = meant;
        return;
      }
    }
    throw CLI::ValidationError(name, absl::StrCat("must be one of ", names));
  };
  return command.add_option_function<std::string>(
      name, choose, absl::StrCat(description, ": ", names));
}

}  // namespace signet

#endif  // SIGNET_CLI_CHOICE_OPTION_H_
