#ifndef SIGNET_SERVICE_YAML_YAML_DOCUMENT_H_
#define SIGNET_SERVICE_YAML_YAML_DOCUMENT_H_

#include <deque>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/yaml/yaml_node.h"
#include "service/yaml/yaml_text.h"

namespace signet {

// YamlDocument is a text in the plain kind of YAML that a configuration needs:
// one document, which is not empty, of scalars, lists, and maps whose names are
// scalars and differ. Tags and aliases are refused.
//
// It moves but does not copy: nodes point at one another.
class YamlDocument {
 public:
  // Parse reads `text`, which errors call `file_name`. Errors are
  // InvalidArgument, each one line: "FILE:LINE:COLUMN: PATH: what is wrong",
  // without the path if it is about no value in particular.
  static absl::StatusOr<YamlDocument> Parse(absl::string_view text,
                                            absl::string_view file_name);

  YamlDocument(YamlDocument&&) = default;
  YamlDocument& operator=(YamlDocument&&) = default;

  const YamlNode& root() const { return nodes_.front(); }

  // ErrorAt returns an error about the value `node` of this document.
  absl::Status ErrorAt(const YamlNode& node, absl::string_view what) const;

  // ErrorAtName returns an error about the name of `node`, a value in a map.
  absl::Status ErrorAtName(const YamlNode& node, absl::string_view what) const;

 private:
  YamlDocument(absl::string_view file_name, std::deque<YamlNode> nodes)
      : file_name_(file_name), nodes_(std::move(nodes)) {}

  std::string file_name_;
  // The root first. A deque leaves its elements where they are when it grows
  // and when it moves.
  std::deque<YamlNode> nodes_;
};

// YamlError returns an InvalidArgument error in the form that
// YamlDocument::Parse describes.
absl::Status YamlError(absl::string_view file_name, TextPosition position,
                       absl::string_view path, absl::string_view what);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_DOCUMENT_H_
