#include "service/metrics/issuer_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

using testing::ElementsAre;

TEST(IssuerLabelsTest, CallsWhoIsNotKnownOther) {
  IssuerLabels labels;
  EXPECT_EQ(labels.IndexOf("https://a.example"), IssuerLabels::kOther);
  labels.Know({"https://a.example"});
  EXPECT_EQ(labels.IndexOf("https://a.example"), 1);
  EXPECT_EQ(labels.IndexOf("https://a.example/"), IssuerLabels::kOther);
  EXPECT_EQ(labels.IndexOf(""), IssuerLabels::kOther);
  EXPECT_THAT(labels.Names(), ElementsAre("other", "https://a.example"));
}

TEST(IssuerLabelsTest, KeepsLabelsThroughChanges) {
  IssuerLabels labels;
  labels.Know({"b", "a"});
  labels.Know({"c", "a"});
  EXPECT_THAT(labels.Names(), ElementsAre("other", "b", "a", "c"));
  EXPECT_EQ(labels.IndexOf("b"), 1);
}

TEST(IssuerLabelsTest, HasNoMoreThanItMay) {
  IssuerLabels labels;
  std::vector<std::string> many;
  for (size_t i = 0; i < IssuerLabels::kMost + 10; ++i) {
    many.push_back(absl::StrCat("https://", i, ".example"));
  }
  labels.Know(many);
  EXPECT_EQ(labels.Names().size(), IssuerLabels::kMost + 1);
  EXPECT_EQ(labels.IndexOf(many[IssuerLabels::kMost - 1]), IssuerLabels::kMost);
  EXPECT_EQ(labels.IndexOf(many[IssuerLabels::kMost]), IssuerLabels::kOther);
}

}  // namespace
}  // namespace signet
