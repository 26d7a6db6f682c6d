#include "service/message_bytes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "service/rate/retry_delay.h"

namespace signet {

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()),
          std::string(status.message()), RetryDetails(status)};
}

absl::Status ReadMessage(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& message) {
  grpc::ByteBuffer buffer = bytes;  // Reading empties it.
  const bool good =
      grpc::GenericDeserialize<grpc::ProtoBufferReader,
                               google::protobuf::Message>(&buffer, &message)
          .ok();
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "the request is not a ", message.GetDescriptor()->full_name(),
      ", or has a string that is not UTF-8"));
}

grpc::ByteBuffer WriteMessage(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  // Fails only for messages of more than 2 GiB.
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(
      message, &bytes, &own_buffer);
  return bytes;
}

}  // namespace signet
