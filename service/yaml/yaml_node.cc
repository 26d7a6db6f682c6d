#include "service/yaml/yaml_node.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/yaml/error_text.h"

namespace signet {
namespace {

constexpr size_t kMaxIdentifierBytes = 64;

bool IsIdentifier(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxIdentifierBytes &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

}  // namespace

std::string PathOf(const YamlNode& node) {
  std::vector<const YamlNode*> line;
  for (const YamlNode* n = &node; n->parent != nullptr; n = n->parent) {
    line.push_back(n);
  }
  std::reverse(line.begin(), line.end());

  std::string path;
  for (const YamlNode* n : line) {
    if (n->parent->kind == YamlNode::Kind::kList) {
      absl::StrAppend(&path, "[", n->index, "]");
    } else if (IsIdentifier(n->name)) {
      absl::StrAppend(&path, path.empty() ? "" : ".", n->name);
    } else {
      absl::StrAppend(&path, "[", QuoteForError(n->name), "]");
    }
  }
  return path;
}

}  // namespace signet
