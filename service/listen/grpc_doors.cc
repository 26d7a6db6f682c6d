#include "service/listen/grpc_doors.h"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/security/auth_metadata_processor.h"
#include "service/access/credentials.h"

namespace signet {
namespace {

// How many users of this machine can be told apart.
constexpr size_t kUsers = 64;

std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> AddAcceptor(
    grpc::ServerBuilder& builder,
    std::shared_ptr<grpc::ServerCredentials> credentials) {
  return builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      std::move(credentials));
}

}  // namespace

// UserStamp writes the number of a user on what comes in by a door.
class GrpcDoors::UserStamp final : public grpc::AuthMetadataProcessor {
 public:
  bool IsBlocking() const override { return false; }

  // All calls of a connection have the same context: the first of them writes
  // on it, and the others, which come in on other threads, wait until it has.
  grpc::Status Process(const InputMetadata&, grpc::AuthContext* context,
                       OutputMetadata*, OutputMetadata*) override {
    const std::lock_guard lock(mutex_);
    if (context->FindPropertyValues(kUserIdProperty).empty()) {
      context->AddProperty(kUserIdProperty, text_);
    }
    return grpc::Status::OK;
  }

  const std::optional<uid_t>& user() const { return user_; }

  void SetUser(uid_t user) {
    const std::lock_guard lock(mutex_);
    user_ = user;
    text_ = absl::StrCat(user);
  }

 private:
  std::optional<uid_t> user_;  // Of the thread that has the doors.
  std::mutex mutex_;
  std::string text_ ABSL_GUARDED_BY(mutex_);
};

GrpcDoors GrpcDoors::ForAll(
    grpc::ServerBuilder& builder,
    std::shared_ptr<grpc::ServerCredentials> credentials) {
  std::vector<Door> doors;
  doors.push_back({AddAcceptor(builder, std::move(credentials)), nullptr});
  return GrpcDoors(std::move(doors));
}

GrpcDoors GrpcDoors::ForUsers(grpc::ServerBuilder& builder) {
  std::vector<Door> doors;
  for (size_t i = 0; i < kUsers; ++i) {
    auto stamp = std::make_shared<UserStamp>();
    auto credentials = grpc::experimental::LocalServerCredentials(UDS);
    credentials->SetAuthMetadataProcessor(stamp);
    doors.push_back({AddAcceptor(builder, std::move(credentials)), stamp});
  }
  return GrpcDoors(std::move(doors));
}

const GrpcDoors::Door* GrpcDoors::DoorOf(const Origin& origin) {
  const std::optional<uid_t> user = origin.uid();
  for (Door& door : doors_) {
    if (!door.stamp || (user && door.stamp->user() == user)) return &door;
    if (!user || door.stamp->user()) continue;
    door.stamp->SetUser(*user);
    return &door;
  }
  return nullptr;
}

bool GrpcDoors::Let(SocketDescriptor socket, const Origin& origin) {
  const Door* const door = DoorOf(origin);
  if (door == nullptr) return false;
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters given;
  given.fd = std::move(socket).Release();
  door->acceptor->HandleNewConnection(&given);
  return true;
}

}  // namespace signet
