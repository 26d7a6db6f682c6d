#include "service/access/grpc_credentials.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/support/string_ref.h"

namespace signet {
namespace {

absl::string_view ToView(const grpc::string_ref& text) {
  return {text.data(), text.size()};
}

}  // namespace

GrpcCredentials::GrpcCredentials(const grpc::CallbackServerContext& context)
    : auth_context_(context.auth_context()) {
  for (auto property = auth_context_->begin(); property != auth_context_->end();
       ++property) {
    const auto [name, value] = *property;
    if (name == GRPC_X509_PEM_CERT_PROPERTY_NAME) {
      credentials_.has_certificate = true;
    } else if (name == GRPC_PEER_URI_PROPERTY_NAME) {
      credentials_.uris.push_back(ToView(value));
    } else if (name == GRPC_PEER_DNS_PROPERTY_NAME) {
      credentials_.dns_names.push_back(ToView(value));
    } else if (name == kUserIdProperty) {
      uint32_t uid = 0;
      if (absl::SimpleAtoi(ToView(value), &uid)) credentials_.user_id = uid;
    }
  }
  const auto [begin, end] =
      context.client_metadata().equal_range("authorization");
  for (auto entry = begin; entry != end; ++entry) {
    credentials_.authorizations.push_back(ToView(entry->second));
  }
}

}  // namespace signet
