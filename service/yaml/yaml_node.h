#ifndef SIGNET_SERVICE_YAML_YAML_NODE_H_
#define SIGNET_SERVICE_YAML_YAML_NODE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "service/yaml/yaml_text.h"

namespace signet {

// YamlNode is one value in a YAML document.
struct YamlNode {
  enum class Kind { kNull, kPlainScalar, kQuotedScalar, kList, kMap };

  Kind kind = Kind::kNull;
  TextPosition position;
  // A scalar's text.
  std::string text;
  // The values in a list or a map, in the order of the text.
  std::vector<const YamlNode*> children;

  // What this node is a child of; null for the root.
  const YamlNode* parent = nullptr;
  // How many children of the parent stand before this one.
  size_t index = 0;
  // In a map: the name of this value.
  std::string name;
  TextPosition name_position;
};

// PathOf returns where `node` stands below the root, as one line like
// `issuers[0].signing`. It is empty for the root.
std::string PathOf(const YamlNode& node);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_NODE_H_
