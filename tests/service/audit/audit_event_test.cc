#include "service/audit/audit_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace signet {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

AuditEvent Signed() {
  return {.time = absl::FromUnixMicros(1'800'000'000'123'456),
          .caller = "spiffe://prod.example/billing",
          .peer = "ipv4:10.0.0.7:4711",
          .action = "Sign",
          .issuer = "https://a.example",
          .subject = "user-7",
          .audiences = {"api", "web"},
          .key_id = "k1",
          .jti = "id-1",
          .outcome = "OK",
          .request_id = "r-1"};
}

TEST(AuditEventTest, SaysWhoDidWhatWhen) {
  EXPECT_EQ(ToAuditLine(Signed()),
            R"({"time":"2027-01-15T08:00:00.123456Z",)"
            R"("caller":"spiffe://prod.example/billing",)"
            R"("peer":"ipv4:10.0.0.7:4711","action":"Sign","outcome":"OK",)"
            R"("issuer":"https://a.example","subject":"user-7",)"
            R"("audiences":["api","web"],"key_id":"k1","jti":"id-1",)"
            R"("request_id":"r-1"})"
            "\n");
}

TEST(AuditEventTest, LeavesOutWhatDoesNotApply) {
  EXPECT_EQ(ToAuditLine({.time = absl::UnixEpoch(),
                         .action = "Verify",
                         .outcome = "PERMISSION_DENIED"}),
            R"({"time":"1970-01-01T00:00:00.000000Z","action":"Verify",)"
            R"("outcome":"PERMISSION_DENIED"})"
            "\n");
}

TEST(AuditEventTest, IsOneLineWhateverCallersWrite) {
  AuditEvent event = Signed();
  event.subject = "a\"}\n{\"caller\":\"root\"}\r\x7f\x01";
  event.audiences = {"\n"};
  const std::string line = ToAuditLine(event);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(line.find('\r'), std::string::npos);
  EXPECT_THAT(line, HasSubstr(R"("subject":"a\"}\n{\"caller\":\"root\"}\r)"));
  EXPECT_THAT(line, Not(HasSubstr("cut")));
}

TEST(AuditEventTest, BoundsEveryLine) {
  const std::string longest(1 << 20, '\x01');
  AuditEvent event = {.time = absl::UnixEpoch()};
  for (std::string* field : {&event.caller, &event.peer, &event.action,
                             &event.issuer, &event.subject, &event.key_id,
                             &event.jti, &event.outcome, &event.request_id}) {
    *field = longest;
  }
  event.audiences.assign(1000, longest);
  const std::string line = ToAuditLine(event);
  EXPECT_LE(line.size(), kMaxAuditLineBytes);
  EXPECT_THAT(line, EndsWith(",\"cut\":true}\n"));
}

TEST(AuditEventTest, LeavesOutTokensThatAreInTheWrongPlace) {
  AuditEvent event = Signed();
  event.jti = "Bearer eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl";
  event.audiences = {event.jti, "eyJ.a"};
  const std::string line = ToAuditLine(event);
  EXPECT_THAT(line, HasSubstr(R"_("audiences":["(a token)","eyJ.a"])_"));
  EXPECT_THAT(line, HasSubstr(R"_("jti":"(a token)")_"));
  EXPECT_THAT(line, Not(HasSubstr("c2ln")));
}

TEST(AuditEventTest, CutsBetweenCharacters) {
  AuditEvent event = Signed();
  event.subject = "a";
  for (int i = 0; i < 200; ++i) event.subject += "\u00e4";
  const std::string line = ToAuditLine(event);
  EXPECT_THAT(line, AllOf(HasSubstr("\u00e4\",\"audiences\""),
                          EndsWith(",\"cut\":true}\n")));
}

}  // namespace
}  // namespace signet
