#include "service/yaml/yaml_document.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/emitterstyle.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <exception>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "service/yaml/yaml_node.h"
#include "service/yaml/yaml_text.h"

namespace signet {
namespace {

// yaml-cpp counts from 0, and says -1 where it knows no place.
TextPosition PositionOf(const YAML::Mark& mark) {
  return {.line = static_cast<size_t>(std::max(mark.line, 0)) + 1,
          .column = static_cast<size_t>(std::max(mark.column, 0)) + 1};
}

// What yaml-cpp gives as the tag of a scalar in quotes, or of a block scalar.
constexpr absl::string_view kQuotedTag = "!";
// What it gives as the tag of every other node that has none in the text.
constexpr absl::string_view kPlainTag = "?";

bool IsTagged(absl::string_view tag) {
  return !tag.empty() && tag != kPlainTag && tag != kQuotedTag;
}

// TreeBuilder makes nodes of yaml-cpp's events. The first thing that is not
// allowed becomes its status; all later events are ignored.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(absl::string_view file_name) : file_name_(file_name) {}

  const absl::Status& status() const { return status_; }
  std::deque<YamlNode> TakeNodes() { return std::move(nodes_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) Fail(mark, "expected one YAML document, not more");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    AddNode(YamlNode::Kind::kNull, mark, "");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Fail(mark, "aliases are not supported; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t /*anchor*/, const std::string& text) override {
    if (ExpectsName() && !IsTagged(tag)) {
      name_ = Name{text, PositionOf(mark)};
      return;
    }
    YamlNode* node = AddNode(tag == kQuotedTag ? YamlNode::Kind::kQuotedScalar
                                               : YamlNode::Kind::kPlainScalar,
                             mark, tag);
    if (node != nullptr) node->text = text;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(AddNode(YamlNode::Kind::kList, mark, tag));
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(AddNode(YamlNode::Kind::kMap, mark, tag));
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Name {
    std::string text;
    TextPosition position;
  };

  // A list or map that is being filled.
  struct OpenNode {
    YamlNode* node;
    // The children of a map by name.
    absl::flat_hash_map<absl::string_view, const YamlNode*> named;
  };

  bool ExpectsName() const {
    return !open_.empty() && open_.back().node->kind == YamlNode::Kind::kMap &&
           !name_;
  }

  // The node that would be added next.
  YamlNode NextNode(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode node;
    node.kind = kind;
    node.position = PositionOf(mark);
    if (open_.empty()) return node;
    node.parent = open_.back().node;
    node.index = node.parent->children.size();
    if (name_) {
      node.name = name_->text;
      node.name_position = name_->position;
      // yaml-cpp's mark for a value left out is that of what comes next.
      if (kind == YamlNode::Kind::kNull) node.position = name_->position;
    }
    return node;
  }

  void Fail(const YAML::Mark& mark, absl::string_view what) {
    if (!status_.ok()) return;
    const YamlNode next = NextNode(YamlNode::Kind::kPlainScalar, mark);
    status_ = YamlError(file_name_, next.position,
                        PathOf(ExpectsName() ? *next.parent : next), what);
  }

  // Adds a node to what is open. Returns null if that is not allowed.
  YamlNode* AddNode(YamlNode::Kind kind, const YAML::Mark& mark,
                    absl::string_view tag) {
    if (IsTagged(tag)) Fail(mark, "tags are not supported; leave it out");
    if (ExpectsName()) Fail(mark, "expected a name, which is a scalar");
    if (!status_.ok()) return nullptr;

    YamlNode& node = nodes_.emplace_back(NextNode(kind, mark));
    name_.reset();
    if (open_.empty()) return &node;
    OpenNode& parent = open_.back();
    parent.node->children.push_back(&node);
    if (parent.node->kind == YamlNode::Kind::kMap) CheckNameIsNew(node, parent);
    return &node;
  }

  void CheckNameIsNew(const YamlNode& node, OpenNode& map) {
    const auto [first, inserted] = map.named.emplace(node.name, &node);
    if (inserted) return;
    status_ = YamlError(file_name_, node.name_position, PathOf(node),
                        absl::StrCat("given twice; first in line ",
                                     first->second->name_position.line));
  }

  void Open(YamlNode* node) {
    if (status_.ok()) open_.push_back({.node = node, .named = {}});
  }

  void Close() {
    if (status_.ok()) open_.pop_back();
  }

  absl::string_view file_name_;
  absl::Status status_;
  int documents_ = 0;
  // Elements stay where they are when a deque grows.
  std::deque<YamlNode> nodes_;
  std::vector<OpenNode> open_;
  // The name of the next value, if the last event gave one.
  absl::optional<Name> name_;
};

// Runs yaml-cpp over `text`, as far as the second of its documents.
absl::Status BuildTree(absl::string_view text, absl::string_view file_name,
                       TreeBuilder& builder) {
  const auto not_yaml = [&](const YAML::Mark& mark, absl::string_view why) {
    // What the builder refused stands further up in the text.
    if (!builder.status().ok()) return builder.status();
    return YamlError(file_name, PositionOf(mark), "",
                     absl::StrCat("not YAML: ", absl::CEscape(why)));
  };
  try {
    // yaml-cpp 0.7 takes the end of the text for the end of a scalar in quotes
    // that nobody closed. It does not take the end of the document for that.
    const absl::string_view end = absl::EndsWith(text, "\n") ? "" : "\n";
    std::istringstream stream(absl::StrCat(text, end, "...\n"));
    YAML::Parser parser(stream);
    while (builder.status().ok() && parser.HandleNextDocument(builder)) {
    }
    return builder.status();
  } catch (const YAML::DeepRecursion& e) {
    return not_yaml(e.mark, "nested too deeply");
  } catch (const YAML::Exception& e) {
    return not_yaml(e.mark, e.msg);
  } catch (const std::exception& e) {
    return not_yaml(YAML::Mark(), e.what());
  }
}

}  // namespace

absl::Status YamlError(absl::string_view file_name, TextPosition position,
                       absl::string_view path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(
      absl::Utf8SafeCEscape(file_name), ":", position.line, ":",
      position.column, ": ", path, path.empty() ? "" : ": ", what));
}

absl::StatusOr<YamlDocument> YamlDocument::Parse(absl::string_view text,
                                                 absl::string_view file_name) {
  if (const auto unreadable = FindUnreadableCharacter(text)) {
    return YamlError(file_name, *unreadable, "",
                     "expected UTF-8 without control characters");
  }
  TreeBuilder builder(file_name);
  if (absl::Status built = BuildTree(text, file_name, builder); !built.ok()) {
    return built;
  }
  std::deque<YamlNode> nodes = builder.TakeNodes();
  if (nodes.empty() || nodes.front().kind == YamlNode::Kind::kNull) {
    return YamlError(file_name, TextPosition{}, "",
                     "expected a YAML document, found nothing");
  }
  return YamlDocument(file_name, std::move(nodes));
}

absl::Status YamlDocument::ErrorAt(const YamlNode& node,
                                   absl::string_view what) const {
  return YamlError(file_name_, node.position, PathOf(node), what);
}

absl::Status YamlDocument::ErrorAtName(const YamlNode& node,
                                       absl::string_view what) const {
  return YamlError(file_name_, node.name_position, PathOf(node), what);
}

}  // namespace signet
