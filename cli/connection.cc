#include "cli/connection.h"

#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "keys/file_contents.h"
#include "service/listen_address.h"

namespace signet {
namespace {

absl::Status ReadIfGiven(const std::optional<std::string>& path,
                         Privacy privacy, std::string& pem) {
  if (!path) return absl::OkStatus();
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(*path, privacy);
  if (!contents.ok()) return contents.status();
  // gRPC would trust whom the system trusts instead of nobody.
  if (!absl::StrContains(contents->text(), "-----BEGIN ")) {
    return absl::InvalidArgumentError(absl::StrCat(*path, ": not a PEM file"));
  }
  pem = contents->text();
  return absl::OkStatus();
}

std::shared_ptr<grpc::Channel> NewChannel(
    const std::string& target,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // By default, http_proxy in the environment would be shown every token, even
  // on the way to this very machine.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(target, credentials, arguments);
}

}  // namespace

void Connection::AddServerTo(CLI::App& command) {
  command
      .add_option("--server", server, "HOST:PORT or unix:PATH of the server")
      ->envname("SIGNET_SERVER")
      ->capture_default_str();
  CLI::Option* ca = command.add_option(
      "--ca-file", ca_file, "Connect with TLS, and trust these CAs (PEM)");
  CLI::Option* certificate =
      command
          .add_option("--certificate-file", certificate_file,
                      "Show this client certificate (PEM)")
          ->needs(ca);
  CLI::Option* key = command
                         .add_option("--private-key-file", private_key_file,
                                     "Its private key (PEM)")
                         ->needs(certificate);
  certificate->needs(key);
  command
      .add_flag("--plaintext", plaintext,
                "Connect without TLS even beyond this machine")
      ->excludes(ca);
}

void Connection::AddTo(CLI::App& command) {
  AddServerTo(command);
  command
      .add_option("--timeout", timeout_seconds, "Seconds to wait for an answer")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 3600.0))
      ->check([](const std::string& text) {
        // Range lets NaN pass, which would wait for ever.
        double seconds = 0;
        return absl::SimpleAtod(text, &seconds) && std::isfinite(seconds)
                   ? std::string()
                   : std::string("is not a number of seconds");
      });
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Connection::Connect() const {
  const absl::StatusOr<ListenAddress> address = ListenAddress::Parse(server);
  if (!address.ok()) {
    return absl::Status(address.status().code(),
                        absl::StrCat("--server: ", address.status().message()));
  }
  const std::string target = address->ToGrpcTarget();
  if (!ca_file) {
    if (!address->is_loopback() && !plaintext) {
      return absl::InvalidArgumentError(
          "--ca-file: is required beyond loopback; everyone on the way could "
          "read the token (or give --plaintext)");
    }
    return NewChannel(target, grpc::InsecureChannelCredentials());
  }
  grpc::SslCredentialsOptions tls;
  absl::Status read =
      ReadIfGiven(ca_file, Privacy::kPublic, tls.pem_root_certs);
  read.Update(
      ReadIfGiven(certificate_file, Privacy::kPublic, tls.pem_cert_chain));
  read.Update(
      ReadIfGiven(private_key_file, Privacy::kSecret, tls.pem_private_key));
  if (!read.ok()) return read;
  return NewChannel(target, grpc::SslCredentials(tls));
}

void Connection::SetDeadline(grpc::ClientContext& context) const {
  context.set_deadline(
      absl::ToChronoTime(absl::Now() + absl::Seconds(timeout_seconds)));
}

absl::Status Connection::ToStatus(const grpc::Status& status) const {
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return absl::Status(
          code, absl::StrCat("cannot reach a server at ", server, ": ",
                             status.error_message()));
    case absl::StatusCode::kDeadlineExceeded:
      return absl::Status(code, absl::StrCat("no answer from ", server, " in ",
                                             timeout_seconds, "s"));
    default:
      return absl::Status(code, status.error_message());
  }
}

}  // namespace signet
