#include "service/access/authorization.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/service/message_text.h"

namespace signet {
namespace {

absl::StatusOr<Authorization> Create(const std::string& config) {
  const auto is_there = [](const std::string&) { return true; };
  return Authorization::Create(FromText<config::v1::Authorization>(config),
                               {is_there, is_there});
}

Caller Spiffe(absl::string_view id) { return Caller::OfCertificate({id}, {}); }
Caller Dns(absl::string_view name) { return Caller::OfCertificate({}, {name}); }

// Whether a grant to `pattern` is one to `caller`.
bool Grants(const std::string& pattern, const Caller& caller) {
  const absl::StatusOr<Authorization> authorization = Create(
      absl::StrCat("grants { roles: ROLE_VERIFY callers { ", pattern, " } }"));
  EXPECT_TRUE(authorization.ok()) << authorization.status();
  return authorization->Holds(caller, Role::kVerify);
}

TEST(Authorization, KnowsCallersByTheirWholeNames) {
  const std::vector<Caller> callers = {
      Spiffe("spiffe://a.example/b"),
      Spiffe("spiffe://a.example/b/c"),
      Spiffe("spiffe://a.example/bc"),
      Spiffe("spiffe://a.example/B"),
      Spiffe("spiffe://a.example.b/b"),
      Spiffe("spiffe://a.exampl/b"),
      Dns("a.example"),
      Dns("b.a.example"),
      Dns("anonymous"),
      Caller::OfToken("https://i", "sub", "app"),
      Caller::OfToken("https://i", "sub", ""),
      Caller::OfToken("https://i", "", "app"),
      Caller::OfToken("https://i", "app", "sub"),
      Caller::OfToken("https://j", "sub", "app"),
      Caller::OfToken("https://i", "spiffe://a.example/b", ""),
      Caller::OfToken("https://i", "", ""),
      Caller::Anonymous(),
      Caller::Unidentified(),
      Caller::OfUser(0),
      Caller::OfUser(1000),
      Caller::OfUser(4294967295),
      Dns("uid:1000"),
  };
  const struct {
    const char* pattern;
    std::vector<size_t> granted;  // In `callers`.
  } kCases[] = {
      {"spiffe_id: 'spiffe://a.example/b'", {0}},
      {"spiffe_below: 'spiffe://a.example/b'", {1}},
      {"spiffe_below: 'spiffe://a.example'", {0, 1, 2, 3}},
      {"spiffe_below: 'spiffe://a'", {}},
      {"dns_name: 'a.example'", {6}},
      {"token { issuer: 'https://i' subject: 'sub' client_id: 'app' }", {9}},
      {"token { issuer: 'https://i' subject: 'sub' }", {9, 10}},
      {"token { issuer: 'https://i' client_id: 'app' }", {9, 11}},
      {"anonymous: true", {16}},
      {"uid: 0", {18}},
      {"uid: 1000", {19}},
  };
  for (const auto& c : kCases) {
    std::vector<size_t> granted;
    for (size_t i = 0; i < callers.size(); ++i) {
      if (Grants(c.pattern, callers[i])) granted.push_back(i);
    }
    EXPECT_EQ(granted, c.granted) << c.pattern;
  }
}

TEST(Authorization, GrantsNothingThatItDoesNotName) {
  const Authorization none = *Create("");
  const Authorization some = *Create(R"pb(
    grants {
      roles: ROLE_VERIFY
      roles: ROLE_REVOKE
      callers { dns_name: 'a' }
      callers { anonymous: true }
    }
    grants {
      roles: ROLE_ADMIN
      callers { dns_name: 'a' }
    }
  )pb");
  const struct {
    Role role;
    bool a;
    bool anonymous;
  } kCases[] = {
      {Role::kVerify, true, true}, {Role::kIntrospect, false, false},
      {Role::kSign, false, false}, {Role::kRevoke, true, true},
      {Role::kAdmin, true, false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(some.Holds(Dns("a"), c.role), c.a);
    EXPECT_EQ(some.Holds(Caller::Anonymous(), c.role), c.anonymous);
    EXPECT_FALSE(some.Holds(Dns("b"), c.role));
    EXPECT_FALSE(some.Holds(Caller::Unidentified(), c.role));
    EXPECT_FALSE(none.Holds(Dns("a"), c.role));
    EXPECT_FALSE(none.Holds(Caller::Anonymous(), c.role));
  }
}

TEST(Authorization, WantsOneGrantToAllowAllOfAToken) {
  const Authorization authorization = *Create(R"pb(
    grants {
      roles: ROLE_SIGN
      callers { dns_name: 'a' }
      sign {
        issuers: 'i'
        kinds: TOKEN_KIND_JWT
        audiences: 'x'
        subjects: 's'
        max_lifetime { seconds: 60 }
      }
    }
    grants {
      roles: ROLE_SIGN
      callers { dns_name: 'a' }
      callers { dns_name: 'b' }
      sign {
        issuers: 'i'
        kinds: TOKEN_KIND_JWT
        audiences: 'x'
        audiences: 'y'
        max_lifetime { seconds: 90 }
      }
    }
  )pb");
  const auto find = [&](const Caller& caller, const char* subject,
                        const char* audience) -> std::string {
    TokenRequest request;
    request.subject = subject;
    request.audiences = {audience};
    const SignRights* const rights =
        authorization.FindSignRights(caller, "i", request);
    return rights == nullptr ? "none"
                             : absl::FormatDuration(*rights->max_lifetime());
  };
  EXPECT_EQ(find(Dns("a"), "s", "x"), "1m");
  EXPECT_EQ(find(Dns("a"), "", "x"), "1m");
  EXPECT_EQ(find(Dns("a"), "", "y"), "1m30s");
  EXPECT_EQ(find(Dns("a"), "s", "y"), "none");
  EXPECT_EQ(find(Dns("b"), "", "x"), "1m30s");
  EXPECT_EQ(find(Dns("b"), "s", "x"), "none");
  EXPECT_EQ(find(Dns("c"), "", "x"), "none");
  EXPECT_EQ(find(Caller::Anonymous(), "", "x"), "none");
}

TEST(Authorization, IsRefusedUnlessItCanBeMeant) {
  constexpr char kSpiffeId[] =
      "grants[0].callers[0].spiffe_id: must be a SPIFFE ID with a path, in its "
      "one spelling";
  constexpr char kSpiffeBelow[] =
      "grants[0].callers[0].spiffe_below: must be a SPIFFE ID, with a path or "
      "without, in its one spelling";
  constexpr char kDnsName[] =
      "grants[0].callers[0].dns_name: must be one name in small letters, "
      "without wildcards";
  constexpr char kSign[] =
      "grants[0].sign: is required with the role SIGN, and only then";
  constexpr char kExchange[] =
      "grants[0].exchange: is required with the role EXCHANGE, and only then";
  const struct {
    const char* grant;
    const char* problem;
  } kCases[] = {
      {"", "grants[0].roles: name at least one"},
      {"roles: ROLE_VERIFY roles: ROLE_UNSPECIFIED",
       "grants[0].roles[1]: must be VERIFY, INTROSPECT, SIGN, REVOKE, ADMIN or "
       "EXCHANGE"},
      {"roles: ROLE_VERIFY", "grants[0].callers: name at least one"},
      {"roles: ROLE_SIGN", kSign},
      {"roles: ROLE_VERIFY sign {}", kSign},
      {"roles: ROLE_SIGN sign {}", "grants[0].sign.issuers: name at least one"},
      {"roles: ROLE_EXCHANGE", kExchange},
      {"roles: ROLE_VERIFY exchange {}", kExchange},
      {"roles: ROLE_EXCHANGE exchange {}",
       "grants[0].exchange.subject_policies: name at least one"},
      {"roles: ROLE_EXCHANGE exchange {} callers { anonymous: true }",
       "grants[0].roles: EXCHANGE is not for anonymous callers; a new token "
       "says who acts"},
      {"roles: ROLE_VERIFY callers {}",
       "grants[0].callers[0]: name a spiffe_id, spiffe_below, dns_name, token, "
       "uid or anonymous"},
      {"roles: ROLE_VERIFY callers { spiffe_id: '' }", kSpiffeId},
      {"roles: ROLE_VERIFY callers { spiffe_id: 'spiffe://a' }", kSpiffeId},
      {"roles: ROLE_VERIFY callers { spiffe_id: 'spiffe://a/*' }", kSpiffeId},
      {"roles: ROLE_VERIFY callers { spiffe_id: 'spiffe://A/b' }", kSpiffeId},
      {"roles: ROLE_VERIFY callers { spiffe_below: '' }", kSpiffeBelow},
      {"roles: ROLE_VERIFY callers { spiffe_below: 'spiffe://' }",
       kSpiffeBelow},
      {"roles: ROLE_VERIFY callers { spiffe_below: 'spiffe://a/' }",
       kSpiffeBelow},
      {"roles: ROLE_VERIFY callers { spiffe_below: 'spiffe://a/b/*' }",
       kSpiffeBelow},
      {"roles: ROLE_VERIFY callers { dns_name: '' }", kDnsName},
      {"roles: ROLE_VERIFY callers { dns_name: '*.a' }", kDnsName},
      {"roles: ROLE_VERIFY callers { dns_name: 'A' }", kDnsName},
      {"roles: ROLE_VERIFY callers { dns_name: 'a.' }", kDnsName},
      {"roles: ROLE_VERIFY callers { token {} }",
       "grants[0].callers[0].token.issuer: is required"},
      {"roles: ROLE_VERIFY callers { token { issuer: 'i' } }",
       "grants[0].callers[0].token: name a subject, a client_id or both"},
      {"roles: ROLE_VERIFY callers { anonymous: false }",
       "grants[0].callers[0].anonymous: must be true, if it is set"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Create(absl::StrCat("grants {", c.grant, "}")).status(),
              absl::InvalidArgumentError(c.problem))
        << c.grant;
  }
}

}  // namespace
}  // namespace signet
