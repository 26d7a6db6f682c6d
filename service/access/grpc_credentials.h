#ifndef SIGNET_SERVICE_ACCESS_GRPC_CREDENTIALS_H_
#define SIGNET_SERVICE_ACCESS_GRPC_CREDENTIALS_H_

#include <memory>

#include "grpcpp/security/auth_context.h"
#include "grpcpp/server_context.h"
#include "service/access/credentials.h"

namespace signet {

// GrpcCredentials reads what a call shows of its caller. It is part of the
// call: its views end with the context.
class GrpcCredentials {
 public:
  explicit GrpcCredentials(const grpc::CallbackServerContext& context);

  const Credentials& value() const { return credentials_; }

 private:
  std::shared_ptr<const grpc::AuthContext> auth_context_;
  Credentials credentials_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_GRPC_CREDENTIALS_H_
