// gRPC's TLS is OpenSSL and our cryptography is BoringSSL: two libraries with
// the same names in one process. Both are put to work at once here.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "jose/algorithm.h"
#include "service/exposure.h"
#include "signer/jwt_signer.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"
#include "tests/service/running_server.h"
#include "tests/service/test_certificate.h"
#include "tests/service/test_folder.h"
#include "tests/signer/signing_keys.h"
#include "verifier/jwt_verifier.h"

namespace signet {
namespace {

constexpr int kRounds = 10;

// A server that demands client certificates.
class TlsServer : public testing::Test {
 protected:
  TlsServer() {
    folder_.Write("ca.pem", ca_.CertificatePem());
    folder_.Write("cert.pem", server_.CertificatePem());
    folder_.Write("key.pem", server_.PrivateKeyPem());
  }

  std::shared_ptr<grpc::ServerCredentials> ServerCredentials() const {
    return PlanExposure(FromText<config::v1::Listen>(
                            "tls { certificate_file: 'cert.pem' "
                            "private_key_file: 'key.pem' "
                            "client_ca_file: 'ca.pem' }"),
                        folder_.path(), kNow)
        ->credentials;
  }

  std::shared_ptr<grpc::ChannelCredentials> ClientCredentials(
      const TestCertificate& certificate) const {
    return grpc::SslCredentials(
        {.pem_root_certs = ca_.CertificatePem(),
         .pem_private_key = certificate.PrivateKeyPem(),
         .pem_cert_chain = certificate.CertificatePem()});
  }

  const TestFolder folder_;
  const TestCertificate ca_{"CA"};
  const TestCertificate server_{"server", ca_};
  const TestCertificate client_{"client", ca_};
};

TEST_F(TlsServer, ServesOnlyClientsWithACertificateOfTheCa) {
  RunningServer running(
      NewExampleSetup(), [] { return kNow; }, ServerCredentials(),
      ClientCredentials(client_));
  EXPECT_NE(running.Sign(AccessTokenRequest()), "");

  const TestCertificate another_ca("CA");
  const TestCertificate stranger("client", another_ca);
  for (const auto& credentials :
       {grpc::SslCredentials({.pem_root_certs = ca_.CertificatePem()}),
        ClientCredentials(stranger), grpc::InsecureChannelCredentials()}) {
    const auto stub = v1::TokenService::NewStub(
        NewChannel(running.server().port(), credentials));
    v1::SignResponse response;
    EXPECT_EQ(stub->Sign(NewContext().get(), AccessTokenRequest(), &response)
                  .error_code(),
              grpc::StatusCode::UNAVAILABLE);
  }
}

// Signs and verifies with every algorithm. Returns how often that went wrong.
int FailuresOf(const JwtSigner& signer, const JwtVerifier& verifier,
               const ValidationPolicy& policy) {
  int failures = 0;
  for (const Algorithm algorithm : kAllAlgorithms) {
    const absl::StatusOr<SignedToken> token =
        signer.Sign({.audiences = {"x"}, .algorithm = algorithm}, kNow);
    if (!token.ok() ||
        !verifier.Verify(token->compact, policy, Tightening{}, kNow)->ok()) {
      ++failures;
    }
  }
  return failures;
}

TEST_F(TlsServer, GetsAlongWithEveryAlgorithmInOneProcess) {
  SigningKeys keys = OneKeyPerAlgorithm();
  const JwtVerifier verifier(TrustIn("i", keys));
  const JwtSigner signer =
      JwtSigner::Create({.issuer = "i", .keys = std::move(keys)}).value();
  ValidationPolicyOptions options;
  options.name = "p";
  options.issuers = {"i"};
  options.audiences = {"x"};
  for (const Algorithm a : kAllAlgorithms) options.algorithms.Add(a);
  const ValidationPolicy policy =
      ValidationPolicy::Create(std::move(options)).value();

  RunningServer running(
      NewExampleSetup(), [] { return kNow; }, ServerCredentials(),
      ClientCredentials(client_));
  const std::string token = running.Sign(AccessTokenRequest());
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        failures += FailuresOf(signer, verifier, policy);
      }
    });
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        // A handshake of its own each time.
        const auto stub = v1::TokenService::NewStub(
            NewChannel(running.server().port(), ClientCredentials(client_)));
        v1::VerifyRequest request;
        request.set_token(token);
        request.set_policy("access");
        v1::VerifyResponse response;
        if (!stub->Verify(NewContext().get(), request, &response).ok() ||
            !response.has_verified()) {
          ++failures;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

}  // namespace
}  // namespace signet
