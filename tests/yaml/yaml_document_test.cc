#include "service/yaml/yaml_document.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "service/yaml/yaml_node.h"

namespace signet {
namespace {

// The tree as JSON-like text: quoted scalars in quotes, with places.
std::string Print(const YamlNode& node) {
  std::string printed =
      absl::StrCat(node.position.line, ":", node.position.column, " ");
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return absl::StrCat(printed, "null");
    case YamlNode::Kind::kPlainScalar:
      return absl::StrCat(printed, node.text);
    case YamlNode::Kind::kQuotedScalar:
      return absl::StrCat(printed, "'", node.text, "'");
    case YamlNode::Kind::kList:
    case YamlNode::Kind::kMap:
      break;
  }
  const bool is_map = node.kind == YamlNode::Kind::kMap;
  absl::StrAppend(&printed, is_map ? "{" : "[");
  for (const YamlNode* child : node.children) {
    if (is_map) absl::StrAppend(&printed, child->name, "=");
    absl::StrAppend(&printed, Print(*child), ";");
  }
  return absl::StrCat(printed, is_map ? "}" : "]");
}

TEST(YamlDocumentTest, KeepsKindsTextsAndPlaces) {
  struct Case {
    absl::string_view yaml;
    std::string tree;
  };
  const Case cases[] = {
      {"a", "1:1 a"},
      {"a: 1\nb: '1'\nc: \"1\"\n", "1:1 {a=1:4 1;b=2:4 '1';c=3:4 '1';}"},
      {"a: |\n  x\n  y\n", "1:1 {a=1:4 'x\ny\n';}"},
      {"- x\n- [y, {z: 1}]\n", "1:1 [1:3 x;2:3 [2:4 y;2:7 {z=2:11 1;};];]"},
      {"a:\n  b:\n    - c\n", "1:1 {a=2:3 {b=3:5 [3:7 c;];};}"},
      {"a: {}\nb: []\n", "1:1 {a=1:4 {};b=2:4 [];}"},
      {"a:\nb: ~\nc: null\n", "1:1 {a=1:1 null;b=2:1 null;c=3:1 null;}"},
      {"'a': 1", "1:1 {a=1:6 1;}"},
      {"---\na: 1\n...\n", "2:1 {a=2:4 1;}"},
      {"# comment\r\na: 1 # comment\r\n", "2:1 {a=2:4 1;}"},
      {"\xEF\xBB\xBF"
       "a: 1",
       "1:1 {a=1:4 1;}"},
      {"a: |+\n  x\n\n", "1:1 {a=1:4 'x\n\n';}"},
      {"a: >-\n  x\n  y\n", "1:1 {a=1:4 'x y';}"},
      {"a: 'it''s\n  # text'", "1:1 {a=1:4 'it's # text';}"},
      {"a: &anchor 1", "1:1 {a=1:4 1;}"},
      {"a: {b: 1}\nc: {b: 1}", "1:1 {a=1:4 {b=1:8 1;};c=2:4 {b=2:8 1;};}"},
  };
  for (const Case& c : cases) {
    const absl::StatusOr<YamlDocument> document =
        YamlDocument::Parse(c.yaml, "f");
    ASSERT_TRUE(document.ok()) << c.yaml << "\n" << document.status();
    EXPECT_EQ(Print(document->root()), c.tree) << c.yaml;
  }
}

TEST(YamlDocumentTest, RefusesWhatAConfigurationDoesNotNeed) {
  struct Case {
    absl::string_view yaml;
    std::string error;
  };
  const Case cases[] = {
      {"", "f:1:1: expected a YAML document, found nothing"},
      {"---\n", "f:1:1: expected a YAML document, found nothing"},
      {"# only a comment\n", "f:1:1: expected a YAML document, found nothing"},
      {"null", "f:1:1: expected a YAML document, found nothing"},
      {"a: 1\n---\nb: 1\n", "f:2:1: expected one YAML document, not more"},
      {"a: 1\n...\nb: 1\n", "f:3:1: expected one YAML document, not more"},
      {"---\n---\na: 1\n", "f:2:1: expected one YAML document, not more"},
      {"a: 1\na: 2\n", "f:2:1: a: given twice; first in line 1"},
      {"a: [{b: 1,\n 'b': 2}]", "f:2:2: a[0].b: given twice; first in line 1"},
      {"a: &x 1\nb: *x\n",
       "f:2:4: b: aliases are not supported; write the value out"},
      {"a: &x [*x]\n",
       "f:1:8: a[0]: aliases are not supported; write the value out"},
      {"a: &x {b: 1}\nc:\n  <<: *x\n",
       "f:3:7: c[\"<<\"]: aliases are not supported; write the value out"},
      {"&x a: 1\n*x : 2\n",
       "f:2:1: aliases are not supported; write the value out"},
      {"a: !!str 1\n", "f:1:4: a: tags are not supported; leave it out"},
      {"a: !mine {b: 1}\n", "f:1:4: a: tags are not supported; leave it out"},
      {"!!str a: 1\n", "f:1:1: tags are not supported; leave it out"},
      {"a: {[b]: 1}", "f:1:5: a: expected a name, which is a scalar"},
      {"? {a: 1}\n: 2\n", "f:1:3: expected a name, which is a scalar"},
      {"~: 1", "f:1:1: expected a name, which is a scalar"},
      {"a:\n\tb: 1\n", "f:2:3: not YAML: illegal map value"},
      {"a: [1\n", "f:2:1: not YAML: end of sequence flow not found"},
      {"a: 'x\n", "f:2:1: not YAML: illegal document indicator in scalar"},
      {"a: 'x", "f:2:1: not YAML: illegal document indicator in scalar"},
      {"a: \"x\nb: 1\n",
       "f:3:1: not YAML: illegal document indicator in scalar"},
      {"a:\n  b: 'x\n  c: 1\nd: 1",
       "f:5:1: not YAML: illegal document indicator in scalar"},
      {"- 'x\n- y", "f:3:1: not YAML: illegal document indicator in scalar"},
      {"a: b: c\n", "f:1:5: not YAML: illegal map value"},
      {"a: \"\\q\"\n", "f:1:7: not YAML: unknown escape character: q"},
      {"a: *nowhere\n",
       "f:1:4: not YAML: the referenced anchor is not defined"},
      {"a: 1\n}\n", "f:2:1: not YAML: illegal flow end"},
      {"a: @x\n", "f:1:4: not YAML: unknown token"},
      {"%YAML 9.9\n---\na: 1", "f:1:1: not YAML: YAML major version too large"},
      {"a: \xFF", "f:1:4: expected UTF-8 without control characters"},
      {"a: 1\n\x04\nb: 1", "f:2:1: expected UTF-8 without control characters"},
  };
  for (const Case& c : cases) {
    const absl::Status status = YamlDocument::Parse(c.yaml, "f").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.yaml;
    EXPECT_EQ(std::string(status.message()), c.error) << c.yaml;
  }
}

TEST(YamlDocumentTest, RefusesNestingBeyondAllNeed) {
  std::string yaml;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&yaml, "- ");
  const absl::Status status = YamlDocument::Parse(yaml, "f").status();
  EXPECT_EQ(std::string(status.message()),
            "f:1:1000: not YAML: nested too deeply");
}

TEST(YamlDocumentTest, ErrorsStayOneLineWhateverNamesHold) {
  const std::string name(100, 'x');
  const absl::Status status =
      YamlDocument::Parse(
          absl::StrCat("\"a\\n", name, "\": {b c: {", name, ": !t x}}\n"),
          "dir\n/f")
          .status();
  const std::string quoted_name(64, 'x');
  EXPECT_EQ(std::string(status.message()),
            absl::StrCat("dir\\n/f:1:217: [\"a\\n", quoted_name.substr(2),
                         "...\"][\"b c\"][\"", quoted_name,
                         "...\"]: tags are not supported; leave it out"));
}

TEST(YamlDocumentTest, SurvivesBeingMoved) {
  absl::StatusOr<YamlDocument> parsed =
      YamlDocument::Parse("a: [x, {b: 1}]", "f");
  ASSERT_TRUE(parsed.ok());
  const YamlDocument document = *std::move(parsed);
  const YamlNode& b = *document.root().children[0]->children[1]->children[0];
  EXPECT_EQ(std::string(document.ErrorAt(b, "wrong").message()),
            "f:1:12: a[1].b: wrong");
  EXPECT_EQ(std::string(document.ErrorAtName(b, "wrong").message()),
            "f:1:9: a[1].b: wrong");
}

}  // namespace
}  // namespace signet
