#include "service/exposure.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/config_field.h"
#include "service/listen_address.h"
#include "service/tls_files.h"

namespace signet {
namespace {

constexpr absl::string_view kDefaultAddress = "127.0.0.1:7410";

// `address`, with the path of a Unix socket as seen from `folder`.
std::string ResolveAddress(const std::string& folder,
                           absl::string_view address) {
  absl::string_view path = address;
  if (!absl::ConsumePrefix(&path, "unix:") || path.empty()) {
    return std::string(address);
  }
  return absl::StrCat("unix:", ResolvePath(folder, std::string(path)));
}

absl::Status CheckReach(const config::v1::Listen& listen,
                        const ListenAddress& address) {
  if (address.is_loopback()) return absl::OkStatus();
  if (!listen.has_tls() && !listen.allow_plaintext_beyond_loopback()) {
    return absl::InvalidArgumentError(
        "listen.tls: is required beyond loopback; everyone on the network "
        "could read the tokens (or set allow_plaintext_beyond_loopback)");
  }
  if (listen.tls().client_ca_file().empty() &&
      !listen.allow_anonymous_beyond_loopback()) {
    return absl::InvalidArgumentError(
        "listen.tls.client_ca_file: is required beyond loopback; everyone who "
        "can connect could have tokens signed (or set "
        "allow_anonymous_beyond_loopback)");
  }
  return absl::OkStatus();
}

// Has `exposure` speak TLS with `files`.
absl::Status SetTls(TlsFiles files, Exposure& exposure) {
  absl::StatusOr<std::unique_ptr<ReloadableCredentials>> credentials =
      ReloadableCredentials::Create(files);
  if (!credentials.ok()) return credentials.status();
  exposure.tls_files.emplace(std::move(files));
  exposure.tls = *std::move(credentials);
  exposure.credentials = {exposure.tls, exposure.tls->grpc().get()};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Exposure> PlanExposure(const config::v1::Listen& listen,
                                      const std::string& folder,
                                      absl::Time now) {
  const absl::StatusOr<ListenAddress> address = ListenAddress::Parse(
      listen.address().empty() ? std::string(kDefaultAddress)
                               : ResolveAddress(folder, listen.address()));
  if (!address.ok()) return AtField("listen.address", address.status());
  const absl::Status reach = CheckReach(listen, *address);
  if (!reach.ok()) return reach;
  Exposure exposure{
      .address = *address,
      .credentials = address->is_unix_socket()
                         ? nullptr
                         : grpc::InsecureServerCredentials(),
      .channelz = listen.channelz() ? Channelz::kOn : Channelz::kOff};
  if (!listen.has_tls()) return exposure;
  absl::StatusOr<TlsFiles> files =
      ReadTlsFiles({"listen.tls", listen.tls(), folder}, now);
  if (!files.ok()) return files.status();
  const absl::Status set = SetTls(*std::move(files), exposure);
  if (!set.ok()) return set;
  return exposure;
}

}  // namespace signet
