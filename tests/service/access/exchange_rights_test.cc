#include "service/access/exchange_rights.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

constexpr char kTokens[] =
    "issuers: 'i' kinds: TOKEN_KIND_JWT subjects: 's' audiences: 'a'";

absl::StatusOr<ExchangeRights> Create(const std::string& config) {
  return ExchangeRights::Create(
      FromText<config::v1::ExchangeRights>(config),
      [](const std::string& issuer) { return issuer == "i"; },
      [](const std::string& policy) { return policy[0] == 'p'; });
}

TokenRequest RequestAbout(const char* subject) {
  TokenRequest request;
  request.subject = subject;
  request.audiences = {"a"};
  return request;
}

TEST(ExchangeRightsTest, AllowWhatIsNamed) {
  const ExchangeRights rights =
      *Create(absl::StrCat("subject_policies: 'p' subject_policies: 'p2' "
                           "tokens { ",
                           kTokens, " }"));
  EXPECT_TRUE(rights.Allow("p", "i", RequestAbout("s")));
  EXPECT_TRUE(rights.Allow("p2", "i", RequestAbout("s")));
  EXPECT_TRUE(rights.Allow("p", "i", RequestAbout("")))
      << "whom it is about is not known yet";
  EXPECT_FALSE(rights.Allow("p3", "i", RequestAbout("s")));
  EXPECT_FALSE(rights.Allow("", "i", RequestAbout("s")));
  EXPECT_FALSE(rights.Allow("p", "j", RequestAbout("s")));
  EXPECT_FALSE(rights.Allow("p", "i", RequestAbout("t")));
}

TEST(ExchangeRightsTest, AreRefusedUnlessTheyCanBeMeant) {
  const struct {
    std::string rights;
    const char* problem;
  } kCases[] = {
      {"", "subject_policies: name at least one"},
      {"subject_policies: 'p'", "tokens.issuers: name at least one"},
      {absl::StrCat("subject_policies: 'p' subject_policies: 'q' tokens { ",
                    kTokens, " }"),
       "subject_policies[1]: is not configured"},
      {"subject_policies: 'p' tokens { issuers: 'i' kinds: TOKEN_KIND_JWT "
       "audiences: 'a' }",
       "tokens.subjects: name at least one"},
      {absl::StrCat(
           "subject_policies: 'p' tokens { kinds: TOKEN_KIND_ID_TOKEN ",
           kTokens, " }"),
       "tokens.kinds: ID tokens are not what tokens are exchanged for"},
      {absl::StrCat("subject_policies: 'p' tokens { custom_claims: true ",
                    kTokens, " }"),
       "tokens.custom_claims: has no effect; Exchange sets none"},
      {absl::StrCat("subject_policies: 'p' tokens { authentication: true ",
                    kTokens, " }"),
       "tokens.authentication: has no effect; Exchange does not say it"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Create(c.rights).status(), absl::InvalidArgumentError(c.problem));
  }
}

}  // namespace
}  // namespace signet
