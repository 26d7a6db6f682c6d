#include "service/access/caller.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace signet {
namespace {

using Names = std::vector<absl::string_view>;

struct CertificateCase {
  Names uris;
  Names dns_names;
  const char* name;
};

constexpr char kNobody[] = "unidentified";

TEST(Caller, IsTheOneWhomACertificateNames) {
  const CertificateCase kCases[] = {
      {{"spiffe://a.example/b"}, {}, "spiffe://a.example/b"},
      // The SPIFFE ID goes first, whatever DNS names there are.
      {{"spiffe://a.example/b"}, {"c.example"}, "spiffe://a.example/b"},
      {{"spiffe://a.example/b"}, {"c", "d", "*"}, "spiffe://a.example/b"},
      {{}, {"c.example"}, "dns:c.example"},
      {{}, {"C.Example"}, "dns:c.example"},
      {{}, {"localhost"}, "dns:localhost"},
      // Nobody, or several.
      {{}, {}, kNobody},
      {{"spiffe://a/b", "spiffe://a/b"}, {}, kNobody},
      {{"spiffe://a/b", "spiffe://a/c"}, {"c"}, kNobody},
      {{"spiffe://a/b", "https://a/b"}, {}, kNobody},
      {{}, {"c", "d"}, kNobody},
      {{}, {"c", "c"}, kNobody},
      // A URI that is none of ours is not passed over.
      {{"https://a/b"}, {"c"}, kNobody},
      {{"spiffe://a"}, {"c"}, kNobody},
      {{"spiffe://a/../b"}, {"c"}, kNobody},
      {{""}, {"c"}, kNobody},
      // Not a name of a host.
      {{}, {""}, kNobody},
      {{}, {"*.c.example"}, kNobody},
      {{}, {"*"}, kNobody},
      {{}, {"c.example."}, kNobody},
      {{}, {"c..example"}, kNobody},
      {{}, {".."}, kNobody},
      {{}, {"127.0.0.1"}, kNobody},
      {{}, {"c\xC3\xA9.example"}, kNobody},
      {{}, {absl::string_view("c.example\0.d", 12)}, kNobody},
      {{}, {absl::string_view("c.example\0", 10)}, kNobody},
      {{}, {"c.example\n"}, kNobody},
      {{}, {"c example"}, kNobody},
  };
  for (const CertificateCase& c : kCases) {
    EXPECT_EQ(Caller::OfCertificate(c.uris, c.dns_names).name(), c.name);
  }
  const std::string long_name(300, 'a');
  EXPECT_EQ(Caller::OfCertificate({}, {long_name}).name(), kNobody);
}

TEST(Caller, IsNeverAnonymousWithACertificate) {
  EXPECT_EQ(Caller::OfCertificate({}, {}).kind(), Caller::Kind::kUnidentified);
  EXPECT_NE(Caller::OfCertificate({}, {"anonymous"}).name(),
            Caller::Anonymous().name());
}

TEST(Caller, NamesHoldersOfTokensUnambiguously) {
  EXPECT_EQ(Caller::OfToken("https://a", "b", "c").name(),
            R"(token:["https://a","b","c"])");
  EXPECT_EQ(Caller::OfToken("a", "", "").name(), R"(token:["a","",""])");
  // What is in one text is never taken for the next.
  EXPECT_EQ(Caller::OfToken("a", R"(b","c)", "").name(),
            R"(token:["a","b\",\"c",""])");
  const absl::string_view nul("b\0c\n", 4);
  EXPECT_EQ(Caller::OfToken("a", nul, "").name(),
            R"(token:["a","b\u0000c\n",""])");
  EXPECT_EQ(Caller::OfToken("a", nul, "").subject(), nul);
}

}  // namespace
}  // namespace signet
