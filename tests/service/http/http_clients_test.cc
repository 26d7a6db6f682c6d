#include "service/http/http_clients.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/service/message_text.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kSecret[] = "0123456789abcdef";
constexpr char kToken[] = "fedcba9876543210-._~";

std::string Basic(const std::string& pair) {
  return absl::StrCat("Basic ", absl::Base64Escape(pair));
}

class HttpClientsTest : public testing::Test {
 protected:
  HttpClientsTest() {
    folder_.Write("secret", absl::StrCat(kSecret, "\n"));
    folder_.Write("token", kToken);
    folder_.Write("open", kSecret, 0644);
    folder_.Write("short", "0123456789abcde");
    folder_.Write("odd", "0123456789abcdef\r\n");
    folder_.Write("long", std::string(513, 'x'));
  }

  absl::StatusOr<HttpClients> Read(const std::string& clients) const {
    return HttpClients::Read(FromText<config::v1::Http>(clients).clients(),
                             folder_.path());
  }

  HttpClients Example() const {
    return *Read(
        "clients { client_id: 'a:b' secret_file: 'secret' policy: 'p' "
        "permissions: HTTP_PERMISSION_INTROSPECT } "
        "clients { client_id: 'gate' bearer_file: 'token' "
        "permissions: HTTP_PERMISSION_REVOKE_ANY }");
  }

  std::string Problem(const std::string& clients) const {
    return absl::StrReplaceAll(Read(clients).status().message(),
                               {{folder_.path(), "DIR"}});
  }

  TestFolder folder_;
};

TEST_F(HttpClientsTest, KnowsWhoHasGoodCredentials) {
  const HttpClients clients = Example();
  // RFC 6749 section 2.3.1: both halves are encoded first.
  for (const std::string& authorization :
       {Basic(absl::StrCat("a%3Ab:", kSecret)),
        Basic("a%3ab:%30123456789abcdef"),
        absl::StrReplaceAll(Basic(absl::StrCat("a%3Ab:", kSecret)),
                            {{"Basic", "bASIC"}})}) {
    const HttpClient* const client = clients.Authenticate(authorization);
    ASSERT_NE(client, nullptr) << authorization;
    EXPECT_EQ(client->id, "a:b");
    EXPECT_EQ(client->policy, "p");
    EXPECT_TRUE(client->May(config::v1::HTTP_PERMISSION_INTROSPECT));
    EXPECT_FALSE(client->May(config::v1::HTTP_PERMISSION_REVOKE_OWN));
    EXPECT_FALSE(client->May(config::v1::HTTP_PERMISSION_REVOKE_ANY));
  }
  const HttpClient* const gate =
      clients.Authenticate(absl::StrCat("Bearer ", kToken));
  ASSERT_NE(gate, nullptr);
  EXPECT_EQ(gate->id, "gate");
}

TEST_F(HttpClientsTest, KnowsNobodyElse) {
  const HttpClients clients = Example();
  for (const std::string& authorization : {
           std::string(),
           std::string("Basic"),
           std::string("Basic "),
           std::string("Bearer"),
           std::string("Bearer "),
           std::string("Basic !"),
           absl::StrCat("Bearer ", kSecret),
           absl::StrCat("Bearer  ", kToken),
           absl::StrCat("Bearer ", kToken, " "),
           absl::StrCat("Digest ", kToken),
           std::string(kToken),
           Basic("a%3Ab"),
           Basic("a%3Ab:"),
           Basic(absl::StrCat("a:b:", kSecret)),
           Basic(absl::StrCat("A%3Ab:", kSecret)),
           Basic(absl::StrCat("gate:", kSecret)),
           Basic(absl::StrCat("gate:", kToken)),
           Basic(absl::StrCat("a%3Ab:", kSecret, "\n")),
           Basic(absl::StrCat("a%3Ab:", kSecret, "0")),
           Basic("a%3Ab:0123456789abcdeF"),
           Basic("a%3Ab:0123456789abcde%"),
       }) {
    EXPECT_EQ(clients.Authenticate(authorization), nullptr) << authorization;
  }
  EXPECT_EQ(HttpClients().Authenticate(Basic("a:b")), nullptr);
}

TEST_F(HttpClientsTest, RefusesAConfigurationThatDoesNotHoldTogether) {
  const std::string may = " permissions: HTTP_PERMISSION_REVOKE_ANY ";
  struct Row {
    std::string client;
    std::string problem;
  };
  const std::string secrets =
      " must hold 16 to 512 letters, digits and -._~, and nothing else";
  const std::string ids =
      "[0].client_id: must be 1 to 256 printable ASCII characters without "
      "spaces";
  const std::string one =
      "[0].secret_file: set it or bearer_file, and not both";
  for (const Row& row : {
           Row{"secret_file: 'secret'" + may, ids},
           Row{"client_id: 'a b' secret_file: 'secret'" + may, ids},
           Row{"client_id: 'a'" + may, one},
           Row{"client_id: 'a' secret_file: 'secret' bearer_file: 'token'" +
                   may,
               one},
           Row{"client_id: 'a' secret_file: 'short'" + may,
               "[0].secret_file: short:" + secrets},
           Row{"client_id: 'a' bearer_file: 'odd'" + may,
               "[0].bearer_file: odd:" + secrets},
           Row{"client_id: 'a' bearer_file: 'long'" + may,
               "[0].bearer_file: long:" + secrets},
           Row{"client_id: 'a' secret_file: 'secret'",
               "[0].permissions: name at least one: INTROSPECT, REVOKE_OWN, "
               "REVOKE_ANY or METRICS"},
           Row{"client_id: 'a' secret_file: 'secret' permissions: "
               "HTTP_PERMISSION_INTROSPECT",
               "[0].policy: is required to INTROSPECT, and has no use "
               "otherwise"},
           Row{"client_id: 'a' secret_file: 'secret' policy: 'p'" + may,
               "[0].policy: is required to INTROSPECT, and has no use "
               "otherwise"},
       }) {
    EXPECT_EQ(Problem(absl::StrCat("clients {", row.client, "}")), row.problem)
        << row.client;
  }
  EXPECT_TRUE(absl::StrContains(
      Problem("clients { client_id: 'a' secret_file: 'open'" + may + "}"),
      "[0].secret_file: DIR/open: "));
}

TEST_F(HttpClientsTest, RefusesClientsThatCannotBeToldApart) {
  const std::string first =
      "clients { client_id: 'a' secret_file: 'secret' "
      "permissions: HTTP_PERMISSION_REVOKE_OWN }";
  EXPECT_EQ(Problem(first + "clients { client_id: 'a' bearer_file: 'token' "
                            "permissions: HTTP_PERMISSION_REVOKE_OWN }"),
            "[1].client_id: is another client's");
  EXPECT_EQ(Problem(first + "clients { client_id: 'b' bearer_file: 'secret' "
                            "permissions: HTTP_PERMISSION_REVOKE_OWN }"),
            "[1].secret_file, bearer_file: holds what another client's does");
}

}  // namespace
}  // namespace signet
