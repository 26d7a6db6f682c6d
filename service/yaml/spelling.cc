#include "service/yaml/spelling.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace signet {
namespace {

// Longer words are not names that someone mistyped, and cost too much.
constexpr size_t kMaxWordBytes = 64;

// One edit in three letters may still be a slip.
constexpr size_t kLettersPerEdit = 3;

// The fewest insertions, deletions and substitutions of a letter that turn one
// word into the other (Levenshtein's distance).
size_t CountEdits(absl::string_view from, absl::string_view to) {
  // edits[i]: from the prefix of `from` seen so far to the first i letters of
  // `to`.
  std::vector<size_t> edits(to.size() + 1);
  std::iota(edits.begin(), edits.end(), size_t{0});
  for (size_t row = 0; row < from.size(); ++row) {
    size_t diagonal = edits[0];
    edits[0] = row + 1;
    for (size_t i = 1; i <= to.size(); ++i) {
      const bool same =
          absl::ascii_tolower(from[row]) == absl::ascii_tolower(to[i - 1]);
      const size_t substituted = diagonal + (same ? 0 : 1);
      diagonal = edits[i];
      edits[i] = std::min({substituted, edits[i] + 1, edits[i - 1] + 1});
    }
  }
  return edits.back();
}

}  // namespace

std::string SuggestSpelling(absl::string_view word,
                            const std::vector<std::string>& names) {
  if (word.size() <= kMaxWordBytes) {
    size_t fewest = word.size() / kLettersPerEdit + 1;
    const std::string* closest = nullptr;
    for (const std::string& name : names) {
      const size_t edits = CountEdits(word, name);
      if (edits >= fewest) continue;
      fewest = edits;
      closest = &name;
    }
    if (closest != nullptr) {
      return absl::StrCat("did you mean \"", *closest, "\"?");
    }
  }
  return absl::StrCat("expected one of ", absl::StrJoin(names, ", "));
}

}  // namespace signet
