#include "service/exposure.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/service/message_text.h"
#include "tests/service/test_certificate.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kNeedsTls[] =
    "INVALID_ARGUMENT: listen.tls: is required beyond loopback; everyone on "
    "the network could read the tokens (or set "
    "allow_plaintext_beyond_loopback)";
constexpr char kNeedsClientCa[] =
    "INVALID_ARGUMENT: listen.tls.client_ca_file: is required beyond loopback; "
    "everyone who can connect could have tokens signed (or set "
    "allow_anonymous_beyond_loopback)";

constexpr char kTls[] =
    "tls { certificate_file: 'cert.pem' private_key_file: 'key.pem' }";
constexpr char kMutualTls[] =
    "tls { certificate_file: 'cert.pem' private_key_file: 'key.pem' "
    "client_ca_file: 'ca.pem' }";
constexpr char kPlaintext[] = "allow_plaintext_beyond_loopback: true";
constexpr char kAnonymous[] = "allow_anonymous_beyond_loopback: true";
constexpr char kBoth[] =
    "allow_plaintext_beyond_loopback: true "
    "allow_anonymous_beyond_loopback: true";

class ExposureTest : public testing::Test {
 protected:
  ExposureTest() {
    folder_.Write("ca.pem", ca_.CertificatePem(), 0644);
    folder_.Write("cert.pem", server_.CertificatePem(), 0644);
    folder_.Write("key.pem", server_.PrivateKeyPem());
  }

  absl::StatusOr<Exposure> Plan(const std::string& listen) const {
    return Plan(listen, absl::FromUnixSeconds(1'800'000'000));
  }

  absl::StatusOr<Exposure> Plan(const std::string& listen,
                                absl::Time now) const {
    return PlanExposure(FromText<config::v1::Listen>(listen), folder_.path(),
                        now);
  }

  // The status of Plan, with "DIR" for the folder.
  std::string Problem(const std::string& listen) const {
    return absl::StrReplaceAll(Plan(listen).status().ToString(),
                               {{folder_.path(), "DIR"}});
  }

  const TestFolder folder_;
  const TestCertificate ca_{"CA"};
  const TestCertificate server_{"server", ca_};
};

struct ReachCase {
  const char* address;
  std::string more;
  const char* problem;
};

TEST_F(ExposureTest, BeyondLoopbackDemandsTlsAndClientCertificates) {
  constexpr char kOk[] = "OK";
  const ReachCase kCases[] = {
      // This machine alone.
      {"127.0.0.1:0", "", kOk},
      {"127.9.9.9:0", "", kOk},
      {"localhost:7410", "", kOk},
      {"[::1]:7410", "", kOk},
      {"[::ffff:127.0.0.1]:7410", "", kOk},
      {"unix:/run/signet.sock", "", kOk},
      {"127.0.0.1:0", kTls, kOk},
      {"127.0.0.1:0", kMutualTls, kOk},
      // The network.
      {"0.0.0.0:7410", "", kNeedsTls},
      {"[::]:7410", "", kNeedsTls},
      {"192.0.2.1:7410", "", kNeedsTls},
      {"signet.example:7410", "", kNeedsTls},
      {"localhost.example:7410", "", kNeedsTls},
      {"0.0.0.0:7410", kAnonymous, kNeedsTls},
      {"0.0.0.0:7410", kPlaintext, kNeedsClientCa},
      {"0.0.0.0:7410", kTls, kNeedsClientCa},
      {"0.0.0.0:7410", absl::StrCat(kTls, kPlaintext), kNeedsClientCa},
      {"0.0.0.0:7410", absl::StrCat(kTls, kAnonymous), kOk},
      {"0.0.0.0:7410", kMutualTls, kOk},
      {"[::]:7410", kMutualTls, kOk},
      {"0.0.0.0:7410", kBoth, kOk},
  };
  for (const ReachCase& c : kCases) {
    const std::string listen =
        absl::StrCat("address: '", c.address, "' ", c.more);
    EXPECT_EQ(Problem(listen), c.problem) << listen;
  }
}

TEST_F(ExposureTest, HasADefaultAddressOnLoopback) {
  const absl::StatusOr<Exposure> exposure = Plan("");
  ASSERT_TRUE(exposure.ok()) << exposure.status();
  EXPECT_EQ(exposure->address.text(), "127.0.0.1:7410");
  EXPECT_NE(exposure->credentials, nullptr);
}

TEST_F(ExposureTest, SeesTheSocketsPathFromTheConfigurationsFolder) {
  const auto target = [](const char* address, const std::string& folder) {
    config::v1::Listen listen;
    listen.set_address(address);
    return PlanExposure(listen, folder, absl::UnixEpoch())->address.text();
  };
  EXPECT_EQ(target("unix:signet.sock", "/etc/s"), "unix:/etc/s/signet.sock");
  EXPECT_EQ(target("unix:/run/signet.sock", "/etc/s"), "unix:/run/signet.sock");
  EXPECT_EQ(target("unix:signet.sock", ""), "unix:signet.sock");
  EXPECT_EQ(Problem("address: 'unix:'"),
            "INVALID_ARGUMENT: listen.address: \"unix:\": the path is missing; "
            "expected HOST:PORT, [IPV6]:PORT or unix:PATH");
}

TEST_F(ExposureTest, RefusesWhatIsNotAnAddress) {
  EXPECT_EQ(Problem("address: 'localhost'"),
            "INVALID_ARGUMENT: listen.address: \"localhost\": the port is "
            "missing; expected HOST:PORT, [IPV6]:PORT or unix:PATH");
}

struct TlsCase {
  const char* tls;
  const char* problem;
};

TEST_F(ExposureTest, RefusesTlsFilesThatDoNotFit) {
  const TestCertificate other("other", ca_);
  folder_.Write("other.pem", other.PrivateKeyPem());
  folder_.Write("open.pem", server_.PrivateKeyPem(), 0644);
  folder_.Write("encrypted.pem", server_.EncryptedPrivateKeyPem("secret"));
  folder_.Write("garbage.pem",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
  folder_.Write("empty.pem", "");
  folder_.Write("damaged.pem",
                absl::StrCat(server_.CertificatePem(), ca_.CertificatePem(),
                             "-----BEGIN CERTIFICATE-----\nAAAA\n"
                             "-----END CERTIFICATE-----\n"));
  folder_.Write("cut.pem", absl::StrCat(server_.CertificatePem(),
                                        ca_.CertificatePem().substr(0, 100)));

  const TlsCase kCases[] = {
      {"", "INVALID_ARGUMENT: listen.tls.certificate_file: is required"},
      {"certificate_file: 'cert.pem'",
       "INVALID_ARGUMENT: listen.tls.private_key_file: is required"},
      {"certificate_file: 'absent.pem' private_key_file: 'key.pem'",
       "NOT_FOUND: listen.tls.certificate_file: DIR/absent.pem: cannot be "
       "opened: No such file or directory"},
      {"certificate_file: 'cert.pem' private_key_file: 'absent.pem'",
       "NOT_FOUND: listen.tls.private_key_file: DIR/absent.pem: cannot be "
       "opened: No such file or directory"},
      {"certificate_file: 'cert.pem' private_key_file: 'open.pem'",
       "INVALID_ARGUMENT: listen.tls.private_key_file: DIR/open.pem: holds "
       "private keys, but others may read or change it; run \"chmod 600\" on "
       "it"},
      {"certificate_file: 'cert.pem' private_key_file: 'other.pem'",
       "INVALID_ARGUMENT: listen.tls.private_key_file: does not belong to the "
       "certificate"},
      {"certificate_file: 'cert.pem' private_key_file: 'encrypted.pem'",
       "INVALID_ARGUMENT: listen.tls.private_key_file: is not an unencrypted "
       "PEM private key"},
      {"certificate_file: 'cert.pem' private_key_file: 'empty.pem'",
       "INVALID_ARGUMENT: listen.tls.private_key_file: is not an unencrypted "
       "PEM private key"},
      {"certificate_file: 'garbage.pem' private_key_file: 'key.pem'",
       "INVALID_ARGUMENT: listen.tls.certificate_file: does not begin with a "
       "PEM certificate"},
      {"certificate_file: 'damaged.pem' private_key_file: 'key.pem'",
       "INVALID_ARGUMENT: listen.tls.certificate_file: certificate 3 is "
       "damaged"},
      {"certificate_file: 'cut.pem' private_key_file: 'key.pem'",
       "INVALID_ARGUMENT: listen.tls.certificate_file: certificate 2 is "
       "damaged"},
      {"certificate_file: 'cert.pem' private_key_file: 'key.pem' "
       "client_ca_file: 'damaged.pem'",
       "INVALID_ARGUMENT: listen.tls.client_ca_file: certificate 3 is damaged"},
      {"certificate_file: 'key.pem' private_key_file: 'key.pem'",
       "INVALID_ARGUMENT: listen.tls.certificate_file: does not begin with a "
       "PEM certificate"},
      {"certificate_file: 'cert.pem' private_key_file: 'key.pem' "
       "client_ca_file: 'absent.pem'",
       "NOT_FOUND: listen.tls.client_ca_file: DIR/absent.pem: cannot be "
       "opened: No such file or directory"},
      {"certificate_file: 'cert.pem' private_key_file: 'key.pem' "
       "client_ca_file: 'garbage.pem'",
       "INVALID_ARGUMENT: listen.tls.client_ca_file: does not begin with a PEM "
       "certificate"},
      {"certificate_file: 'cert.pem' private_key_file: 'key.pem' "
       "client_ca_file: 'key.pem'",
       "INVALID_ARGUMENT: listen.tls.client_ca_file: does not begin with a PEM "
       "certificate"},
  };
  for (const TlsCase& c : kCases) {
    EXPECT_EQ(Problem(absl::StrCat("tls {", c.tls, "}")), c.problem);
  }
}

TEST_F(ExposureTest, TakesACertificateWithItsIntermediates) {
  folder_.Write("chain.pem", absl::StrCat(server_.CertificatePem(), "\n",
                                          ca_.CertificatePem()));
  EXPECT_EQ(Problem("tls { certificate_file: 'chain.pem' "
                    "private_key_file: 'key.pem' }"),
            "OK");
}

TEST_F(ExposureTest, RefusesCertificatesThatAreNotValidNow) {
  const TestCertificate brief("brief", ca_,
                              {"20270101000000Z", "20270201000000Z"});
  folder_.Write("first.pem",
                absl::StrCat(brief.CertificatePem(), ca_.CertificatePem()));
  folder_.Write("second.pem",
                absl::StrCat(server_.CertificatePem(), brief.CertificatePem()));
  folder_.Write("brief_key.pem", brief.PrivateKeyPem());
  const struct {
    const char* tls;
    const char* place;
  } kCases[] = {
      {"tls { certificate_file: 'first.pem' private_key_file: 'brief_key.pem' "
       "}",
       "1"},
      {"tls { certificate_file: 'second.pem' private_key_file: 'key.pem' }",
       "2"},
  };
  const absl::CivilSecond january(2027, 1, 1);
  const absl::CivilSecond february(2027, 2, 1);
  for (const auto& c : kCases) {
    const auto problem = [&](absl::CivilSecond when) {
      return Plan(c.tls, absl::FromCivil(when, absl::UTCTimeZone()))
          .status()
          .ToString();
    };
    const std::string certificate = absl::StrCat(
        "INVALID_ARGUMENT: listen.tls.certificate_file: certificate ", c.place);
    EXPECT_EQ(problem(january - 1), certificate + " is not valid yet");
    EXPECT_EQ(problem(january + 1), "OK");
    EXPECT_EQ(problem(february - 1), "OK");
    EXPECT_EQ(problem(february + 1), certificate + " has expired");
  }
}

}  // namespace
}  // namespace signet
