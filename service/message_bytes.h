#ifndef SIGNET_SERVICE_MESSAGE_BYTES_H_
#define SIGNET_SERVICE_MESSAGE_BYTES_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"

namespace signet {

// ToGrpc returns the same status for gRPC: the codes are the same by
// definition. What it says of when to repeat the call (WithRetryDelay) goes
// into the details.
grpc::Status ToGrpc(const absl::Status& status);

// ReadMessage reads what a client sent. InvalidArgument, if it is not a message
// of this type, or has a string that is not UTF-8. (gRPC's own reading would
// call that an unimplemented method.)
absl::Status ReadMessage(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& message);

// WriteMessage returns the bytes of a message for gRPC to send.
grpc::ByteBuffer WriteMessage(const google::protobuf::Message& message);

}  // namespace signet

#endif  // SIGNET_SERVICE_MESSAGE_BYTES_H_
