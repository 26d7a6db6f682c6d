#include "service/audit/described_call.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/service/message_text.h"

namespace signet {
namespace {

// What is told of a revocation, without who did it and when.
std::string Told(const std::string& request) {
  AuditEvent event{.time = absl::UnixEpoch()};
  Describe(FromText<v1::RevokeRequest>(request), event);
  const std::string line = ToAuditLine(event);
  return line.substr(line.find(',') + 1);
}

TEST(DescribedCallTest, NamesWhatIsRevoked) {
  EXPECT_EQ(Told("token_id {issuer: 'a' jwt_id: 'b'}"),
            "\"issuer\":\"a\",\"jti\":\"b\"}\n");
  EXPECT_EQ(Told("subject {issuer: 'a' subject: 'b'}"),
            "\"issuer\":\"a\",\"subject\":\"b\"}\n");
  EXPECT_EQ(Told("key {issuer: 'a' key_id: 'b'}"),
            "\"issuer\":\"a\",\"key_id\":\"b\"}\n");
  EXPECT_EQ(Told("issuer {issuer: 'a'}"), "\"issuer\":\"a\"}\n");
  EXPECT_EQ(Told("token: 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIiwianRpIjoiYiJ9."
                 "c2ln'"),
            "\"issuer\":\"a\",\"jti\":\"b\"}\n");
}

TEST(DescribedCallTest, SaysNothingOfATokenThatCannotBeRead) {
  AuditEvent event{.time = absl::UnixEpoch()};
  const std::string nothing = ToAuditLine(event);
  Describe(FromText<v1::RevokeRequest>("token: 'secret'"), event);
  EXPECT_EQ(ToAuditLine(event), nothing);
}

TEST(DescribedCallTest, TellsADryRunFromARotation) {
  AuditEvent event;
  Describe(FromText<v1::RotateKeyRequest>("issuer: 'a' dry_run: true"), event);
  EXPECT_EQ(event.action, "RotateKey dry run");
  event = {};
  Describe(FromText<v1::RotateKeyRequest>("issuer: 'a'"), event);
  EXPECT_EQ(event.action, "");
  Describe(FromText<v1::RotateKeyResponse>(
               "steps {key_id: 'old' to: KEY_STATE_RETIRING} "
               "steps {key_id: 'new' to: KEY_STATE_ACTIVE} "
               "steps {key_id: 'next' to: KEY_STATE_PENDING}"),
           event);
  EXPECT_EQ(event.key_id, "new");
}

TEST(DescribedCallTest, TellsAnExchangeFromARefusedOne) {
  AuditEvent event;
  Describe(FromText<v1::ExchangeRequest>(
               "issuer: 'a' audiences: 'b' subject_token: 'secret'"),
           event);
  EXPECT_EQ(event.audiences, std::vector<std::string>{"b"});
  Describe(FromText<v1::ExchangeResponse>("rejection {}"), event);
  EXPECT_EQ(event.action, "Exchange of a refused token");
  EXPECT_EQ(event.subject, "");
  event = {};
  Describe(FromText<v1::ExchangeResponse>(
               "issued { token: 'secret' content { header { key_id: 'k' } "
               "claims { issuer: 'a' subject: 's' token_id: 'j' } } }"),
           event);
  EXPECT_EQ(event.action, "");
  EXPECT_EQ(event.issuer, "a");
  EXPECT_EQ(event.subject, "s");
  EXPECT_EQ(event.jti, "j");
  EXPECT_EQ(event.key_id, "k");
}

}  // namespace
}  // namespace signet
