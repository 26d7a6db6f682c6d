#ifndef SIGNET_SERVICE_YAML_MESSAGE_SLOT_H_
#define SIGNET_SERVICE_YAML_MESSAGE_SLOT_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <utility>

namespace signet {

// MessageSlot is where a value goes: a field that is set, or, if it is
// repeated, has one more element appended. Keeps references to both, and lives
// no longer.
class MessageSlot {
 public:
  MessageSlot(google::protobuf::Message& message,
              const google::protobuf::FieldDescriptor& field)
      : message_(&message), field_(&field) {}

  const google::protobuf::FieldDescriptor& field() const { return *field_; }

  // Setter is Reflection::SetX or AddX.
  template <typename T>
  using Setter = void (google::protobuf::Reflection::*)(
      google::protobuf::Message*, const google::protobuf::FieldDescriptor*,
      T) const;

  // Put sets the field with `set`, or appends to it with `add`.
  template <typename T>
  void Put(T value, Setter<T> set, Setter<T> add) const {
    (message_->GetReflection()->*(field_->is_repeated() ? add : set))(
        message_, field_, std::move(value));
  }

  // PutMessage does the same with a message, for the caller to fill.
  google::protobuf::Message& PutMessage() const {
    const google::protobuf::Reflection* reflection = message_->GetReflection();
    return *(field_->is_repeated()
                 ? reflection->AddMessage(message_, field_)
                 : reflection->MutableMessage(message_, field_));
  }

 private:
  google::protobuf::Message* message_;
  const google::protobuf::FieldDescriptor* field_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_MESSAGE_SLOT_H_
