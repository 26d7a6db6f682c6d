// Callers as they come in over gRPC, with certificates and tokens.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "grpcpp/grpcpp.h"
#include "service/access/caller.h"
#include "service/exposure.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"
#include "tests/service/running_server.h"
#include "tests/service/test_certificate.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kConfig[] = R"(
issuers:
  - issuer: https://a.example
    signing: {generate: [EdDSA]}
policies:
  - {name: access, kind: ACCESS_TOKEN, issuers: [https://a.example],
     audiences: [https://api.example]}
authorization:
  bearer_policy: access
  grants:
    - roles: [VERIFY]
      callers:
        - spiffe_below: spiffe://prod.example/verifiers
        - token: {issuer: https://a.example, client_id: app}
    - roles: [SIGN, INTROSPECT]
      callers: [dns_name: signer.example]
      sign:
        issuers: [https://a.example]
        kinds: [ACCESS_TOKEN]
        subjects: [alice]
        audiences: ["*"]
        scopes: ["*"]
        client_ids: [app]
        authentication: true
)";

// A subjectAltName with the DNS name "signer.example" and four bytes more: a
// zero, and ".co".
constexpr char kNulInDnsName[] =
    "DER:30:14:82:12:73:69:67:6e:65:72:2e:65:78:61:6d:70:6c:65:00:2e:63:6f";
// The URI "spiffe://prod.example/verifiers/a" and a zero.
constexpr char kNulInSpiffeId[] =
    "DER:30:24:86:22:73:70:69:66:66:65:3a:2f:2f:70:72:6f:64:2e:65:78:61:6d:70:"
    "6c:65:2f:76:65:72:69:66:69:65:72:73:2f:61:00";

class CallersOverTls : public testing::Test {
 protected:
  CallersOverTls() {
    folder_.Write("ca.pem", ca_.CertificatePem());
    folder_.Write("cert.pem", server_.CertificatePem());
    folder_.Write("key.pem", server_.PrivateKeyPem());
    running_ = std::make_unique<RunningServer>(
        NewSetup(kConfig), [] { return kNow; },
        PlanExposure(
            FromText<config::v1::Listen>("tls { certificate_file: 'cert.pem' "
                                         "private_key_file: 'key.pem' "
                                         "client_ca_file: 'ca.pem' }"),
            folder_.path(), kNow)
            ->credentials,
        CredentialsFor("DNS:signer.example"));
  }

  // Those of a client whose certificate has these alternative names.
  std::shared_ptr<grpc::ChannelCredentials> CredentialsFor(
      const char* names) const {
    const TestCertificate client("client", ca_, {.names = names});
    return grpc::SslCredentials({.pem_root_certs = ca_.CertificatePem(),
                                 .pem_private_key = client.PrivateKeyPem(),
                                 .pem_cert_chain = client.CertificatePem()});
  }

  std::unique_ptr<v1::TokenService::Stub> StubFor(const char* names) {
    return v1::TokenService::NewStub(
        NewChannel(running_->server().port(), CredentialsFor(names)));
  }

  static std::string TextOf(const grpc::Status& status) {
    return std::to_string(status.error_code()) + " " + status.error_message();
  }

  static std::string Verify(v1::TokenService::Stub& stub,
                            const std::string& authorization = "") {
    const auto context = NewContext();
    if (!authorization.empty()) {
      context->AddMetadata("authorization", authorization);
    }
    v1::VerifyRequest request;
    request.set_policy("access");
    v1::VerifyResponse response;
    return TextOf(stub.Verify(context.get(), request, &response));
  }

  static std::string Sign(v1::TokenService::Stub& stub,
                          const v1::SignRequest& request) {
    v1::SignResponse response;
    return TextOf(stub.Sign(NewContext().get(), request, &response));
  }

  const TestFolder folder_;
  const TestCertificate ca_{"CA"};
  const TestCertificate server_{"server", ca_};
  std::unique_ptr<RunningServer> running_;
};

constexpr char kOk[] = "0 ";
constexpr char kDenied[] = "7 the caller may not do this";
constexpr char kUnauthenticated[] = "16 the bearer token is not accepted";

TEST_F(CallersOverTls, AreKnownByTheNamesInTheirCertificates) {
  const struct {
    const char* names;
    const char* verify;
    const char* sign;
  } kCases[] = {
      {"URI:spiffe://prod.example/verifiers/a", kOk, kDenied},
      {"URI:spiffe://prod.example/verifiers/a,DNS:signer.example", kOk,
       kDenied},
      {"DNS:signer.example", kDenied, kOk},
      {"DNS:SIGNER.example", kDenied, kOk},
      {"DNS:signer.example,IP:127.0.0.1", kDenied, kOk},
      {"URI:spiffe://prod.example/verifiers", kDenied, kDenied},
      {"URI:spiffe://prod.example/verifiers2/a", kDenied, kDenied},
      {"URI:spiffe://prod.example/verifiers/a,"
       "URI:spiffe://prod.example/verifiers/b",
       kDenied, kDenied},
      {"URI:spiffe://prod.example/verifiers/../signers/a", kDenied, kDenied},
      {"URI:spiffe://prod.example/verifiers//a", kDenied, kDenied},
      {"URI:spiffe://prod.example/verifiers/*", kDenied, kDenied},
      {"URI:https://prod.example/verifiers/a,DNS:signer.example", kDenied,
       kDenied},
      {"DNS:signer.example,DNS:other.example", kDenied, kDenied},
      {"DNS:*.example", kDenied, kDenied},
      {"DNS:*", kDenied, kDenied},
      {"email:signer.example", kDenied, kDenied},
      {"IP:127.0.0.1", kDenied, kDenied},
      {kNulInDnsName, kDenied, kDenied},
      {kNulInSpiffeId, kDenied, kDenied},
  };
  for (const auto& c : kCases) {
    const auto stub = StubFor(c.names);
    EXPECT_EQ(Verify(*stub), c.verify) << c.names;
    EXPECT_EQ(Sign(*stub, AccessTokenRequest()), c.sign) << c.names;
  }
}

TEST_F(CallersOverTls, LearnNothingFromWhatTheyMayNotDo) {
  const auto stub = StubFor("DNS:stranger.example");
  v1::SignRequest nonsense;
  nonsense.set_issuer("https://nowhere.example");
  EXPECT_EQ(Sign(*stub, nonsense), kDenied);
  EXPECT_EQ(Sign(*stub, {}), kDenied);
  v1::BatchVerifyRequest batch;
  // More than the server takes.
  for (int i = 0; i < 2000; ++i) batch.add_requests();
  v1::BatchVerifyResponse batch_response;
  EXPECT_EQ(
      TextOf(stub->BatchVerify(NewContext().get(), batch, &batch_response)),
      kDenied);
  v1::IntrospectRequest introspect;
  introspect.set_policy("no such policy");
  v1::IntrospectResponse introspect_response;
  EXPECT_EQ(TextOf(stub->Introspect(NewContext().get(), introspect,
                                    &introspect_response)),
            kDenied);
  const auto context = NewContext();
  const auto stream = stub->StreamVerify(context.get());
  v1::StreamVerifyResponse answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(TextOf(stream->Finish()), kDenied);
}

TEST_F(CallersOverTls, MaySignWhatIsGrantedAlone) {
  v1::SignRequest request = AccessTokenRequest();
  EXPECT_NE(running_->Sign(request), "");
  request.set_subject("bob");
  EXPECT_EQ(Sign(running_->stub(), request), kDenied);
}

TEST_F(CallersOverTls, AreKnownByATokenInPlaceOfTheirCertificate) {
  const std::string token = running_->Sign(AccessTokenRequest());
  const auto stranger = StubFor("DNS:stranger.example");
  EXPECT_EQ(Verify(*stranger), kDenied);
  EXPECT_EQ(Verify(*stranger, "Bearer " + token), kOk);
  EXPECT_EQ(Verify(*stranger, "Bearer " + token + "A"), kUnauthenticated);
  const auto verifier = StubFor("URI:spiffe://prod.example/verifiers/a");
  EXPECT_EQ(Verify(*verifier), kOk);
  EXPECT_EQ(Verify(*verifier, "Bearer x"), kUnauthenticated);
  EXPECT_EQ(Verify(*verifier, "Basic eDp5"), kUnauthenticated);
}

}  // namespace
}  // namespace signet
