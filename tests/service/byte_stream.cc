#include "tests/service/byte_stream.h"

#include <vector>

#include "tests/service/running_server.h"

namespace signet {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return "";
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

ByteStream::ByteStream(const std::shared_ptr<grpc::Channel>& channel,
                       const std::string& method, const std::string& request)
    : context_(NewContext()) {
  context_->set_wait_for_ready(false);
  call_ =
      grpc::GenericStub(channel).PrepareCall(context_.get(), method, &queue_);
  call_->StartCall(this);
  if (!Await()) return;
  call_->WriteLast(ToBuffer(request), grpc::WriteOptions(), this);
  Await();
}

ByteStream::~ByteStream() {
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

std::optional<std::string> ByteStream::Next() {
  grpc::ByteBuffer buffer;
  call_->Read(&buffer, this);
  if (!Await()) return std::nullopt;
  return ToBytes(buffer);
}

grpc::Status ByteStream::Finish() {
  // gRPC tells only once all responses are read.
  while (Next()) {
  }
  grpc::Status status;
  call_->Finish(&status, this);
  Await();
  return status;
}

bool ByteStream::Await() {
  void* tag = nullptr;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

}  // namespace signet
