#ifndef SIGNET_SERVICE_YAML_SPELLING_H_
#define SIGNET_SERVICE_YAML_SPELLING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {

// SuggestSpelling returns what to tell someone who wrote `word` where one of
// `names` was expected: `did you mean "NAME"?` if one is close enough to be
// meant, and otherwise `expected one of NAME, NAME`. Upper and lower case count
// as the same letter.
std::string SuggestSpelling(absl::string_view word,
                            const std::vector<std::string>& names);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_SPELLING_H_
