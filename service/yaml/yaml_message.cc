#include "service/yaml/yaml_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "service/yaml/error_text.h"
#include "service/yaml/message_slot.h"
#include "service/yaml/spelling.h"
#include "service/yaml/yaml_document.h"
#include "service/yaml/yaml_node.h"
#include "service/yaml/yaml_scalar.h"

namespace signet {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::OneofDescriptor;
using ::google::protobuf::Reflection;

bool IsScalar(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kPlainScalar ||
         node.kind == YamlNode::Kind::kQuotedScalar;
}

std::string Describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "null";
    case YamlNode::Kind::kPlainScalar:
      return QuoteForError(node.text);
    case YamlNode::Kind::kQuotedScalar:
      return absl::StrCat("text in quotes, ", QuoteForError(node.text));
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "";
}

// "TOKEN_KIND_" for TokenKind.
std::string EnumPrefix(const EnumDescriptor& type) {
  std::string prefix;
  for (const char c : type.name()) {
    if (absl::ascii_isupper(c) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(c);
  }
  return prefix + '_';
}

absl::string_view NameInYaml(const EnumValueDescriptor& value,
                             absl::string_view prefix) {
  return absl::StripPrefix(value.name(), prefix);
}

// MessageFiller reads each node as what the descriptor of its field says.
class MessageFiller {
 public:
  explicit MessageFiller(const YamlDocument& document) : document_(document) {}

  absl::Status Fill(const YamlNode& node, Message& message) const {
    if (node.kind != YamlNode::Kind::kMap) return Expected("a map", node);
    for (const YamlNode* child : node.children) {
      if (absl::Status s = FillField(*child, message); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status FillField(const YamlNode& node, Message& message) const {
    const Descriptor& type = *message.GetDescriptor();
    const FieldDescriptor* field = type.FindFieldByName(node.name);
    if (field == nullptr) return UnknownField(node, type);
    if (absl::Status s = CheckOneof(node, *field, message); !s.ok()) return s;
    if (field->is_map()) return FillMap(node, *field, message);
    if (field->is_repeated()) return FillList(node, *field, message);
    return PutValue(node, MessageSlot(message, *field));
  }

  absl::Status FillList(const YamlNode& node, const FieldDescriptor& field,
                        Message& message) const {
    if (node.kind != YamlNode::Kind::kList) return Expected("a list", node);
    for (const YamlNode* child : node.children) {
      if (absl::Status s = PutValue(*child, MessageSlot(message, field));
          !s.ok()) {
        return s;
      }
    }
    return absl::OkStatus();
  }

  absl::Status FillMap(const YamlNode& node, const FieldDescriptor& field,
                       Message& message) const {
    const FieldDescriptor& key = *field.message_type()->map_key();
    if (key.type() != FieldDescriptor::TYPE_STRING) return NoForm(node);
    if (node.kind != YamlNode::Kind::kMap) return Expected("a map", node);
    for (const YamlNode* child : node.children) {
      Message& entry = MessageSlot(message, field).PutMessage();
      entry.GetReflection()->SetString(&entry, &key, child->name);
      const MessageSlot value(entry, *field.message_type()->map_value());
      if (absl::Status s = PutValue(*child, value); !s.ok()) return s;
    }
    return absl::OkStatus();
  }

  absl::Status PutValue(const YamlNode& node, MessageSlot slot) const {
    switch (slot.field().cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return PutInteger<int32_t>(node, slot, &Reflection::SetInt32,
                                   &Reflection::AddInt32);
      case FieldDescriptor::CPPTYPE_INT64:
        return PutInteger<int64_t>(node, slot, &Reflection::SetInt64,
                                   &Reflection::AddInt64);
      case FieldDescriptor::CPPTYPE_UINT32:
        return PutInteger<uint32_t>(node, slot, &Reflection::SetUInt32,
                                    &Reflection::AddUInt32);
      case FieldDescriptor::CPPTYPE_UINT64:
        return PutInteger<uint64_t>(node, slot, &Reflection::SetUInt64,
                                    &Reflection::AddUInt64);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return PutPlain("a number", node, slot, ReadDouble,
                        &Reflection::SetDouble, &Reflection::AddDouble);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return PutPlain("a number", node, slot, ReadFloat,
                        &Reflection::SetFloat, &Reflection::AddFloat);
      case FieldDescriptor::CPPTYPE_BOOL:
        return PutPlain("true or false", node, slot, ReadBool,
                        &Reflection::SetBool, &Reflection::AddBool);
      case FieldDescriptor::CPPTYPE_ENUM:
        return PutEnum(node, slot);
      case FieldDescriptor::CPPTYPE_STRING:
        return PutString(node, slot);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return PutMessage(node, slot);
    }
    return NoForm(node);
  }

  template <typename T>
  absl::Status PutInteger(const YamlNode& node, MessageSlot slot,
                          MessageSlot::Setter<T> set,
                          MessageSlot::Setter<T> add) const {
    const std::string expected =
        absl::StrCat("a whole number from ", std::numeric_limits<T>::min(),
                     " to ", std::numeric_limits<T>::max());
    return PutPlain(expected, node, slot, ReadInteger<T>, set, add);
  }

  // Puts what `read` makes of a scalar without quotes.
  template <typename T>
  absl::Status PutPlain(absl::string_view expected, const YamlNode& node,
                        MessageSlot slot,
                        absl::optional<T> (*read)(absl::string_view),
                        MessageSlot::Setter<T> set,
                        MessageSlot::Setter<T> add) const {
    if (node.kind != YamlNode::Kind::kPlainScalar) {
      return Expected(expected, node);
    }
    const absl::optional<T> value = read(node.text);
    if (!value) return Expected(expected, node);
    slot.Put(*value, set, add);
    return absl::OkStatus();
  }

  absl::Status PutString(const YamlNode& node, MessageSlot slot) const {
    if (slot.field().type() == FieldDescriptor::TYPE_BYTES) return NoForm(node);
    if (!IsScalar(node)) return Expected("text", node);
    slot.Put<std::string>(node.text, &Reflection::SetString,
                          &Reflection::AddString);
    return absl::OkStatus();
  }

  absl::Status PutEnum(const YamlNode& node, MessageSlot slot) const {
    if (!IsScalar(node)) return Expected("the name of a value", node);
    const EnumDescriptor& type = *slot.field().enum_type();
    const std::string prefix = EnumPrefix(type);
    std::vector<std::string> names;
    for (int i = 0; i < type.value_count(); ++i) {
      const EnumValueDescriptor& value = *type.value(i);
      const absl::string_view name = NameInYaml(value, prefix);
      if (name == "UNSPECIFIED") continue;
      if (name == node.text) {
        slot.Put<const EnumValueDescriptor*>(&value, &Reflection::SetEnum,
                                             &Reflection::AddEnum);
        return absl::OkStatus();
      }
      names.emplace_back(name);
    }
    return document_.ErrorAt(
        node, absl::StrCat("unknown value ", QuoteForError(node.text), "; ",
                           SuggestSpelling(node.text, names)));
  }

  absl::Status PutMessage(const YamlNode& node, MessageSlot slot) const {
    if (slot.field().message_type()->full_name() ==
        google::protobuf::Duration::descriptor()->full_name()) {
      return PutDuration(node, slot);
    }
    return Fill(node, slot.PutMessage());
  }

  absl::Status PutDuration(const YamlNode& node, MessageSlot slot) const {
    const absl::optional<absl::Duration> duration =
        IsScalar(node) ? ReadDuration(node.text) : absl::nullopt;
    if (!duration) {
      return Expected(R"(a duration like "90s", "15m" or "1h30m")", node);
    }
    // Through reflection, because the message may have been made at run time.
    Message& message = slot.PutMessage();
    const Descriptor& type = *message.GetDescriptor();
    const int64_t seconds = absl::ToInt64Seconds(*duration);
    message.GetReflection()->SetInt64(
        &message,
        type.FindFieldByNumber(google::protobuf::Duration::kSecondsFieldNumber),
        seconds);
    message.GetReflection()->SetInt32(
        &message,
        type.FindFieldByNumber(google::protobuf::Duration::kNanosFieldNumber),
        static_cast<int32_t>(
            absl::ToInt64Nanoseconds(*duration - absl::Seconds(seconds))));
    return absl::OkStatus();
  }

  absl::Status CheckOneof(const YamlNode& node, const FieldDescriptor& field,
                          const Message& message) const {
    const OneofDescriptor* oneof = field.real_containing_oneof();
    if (oneof == nullptr) return absl::OkStatus();
    const FieldDescriptor* given =
        message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
    if (given == nullptr) return absl::OkStatus();
    return document_.ErrorAtName(
        node, absl::StrCat("given together with ", given->name(),
                           "; expected only one of them"));
  }

  absl::Status UnknownField(const YamlNode& node,
                            const Descriptor& type) const {
    std::vector<std::string> names;
    names.reserve(type.field_count());
    for (int i = 0; i < type.field_count(); ++i) {
      names.push_back(type.field(i)->name());
    }
    return document_.ErrorAtName(
        node,
        absl::StrCat("unknown field; ", SuggestSpelling(node.name, names)));
  }

  absl::Status Expected(absl::string_view what, const YamlNode& node) const {
    return document_.ErrorAt(
        node, absl::StrCat("expected ", what, ", not ", Describe(node)));
  }

  absl::Status NoForm(const YamlNode& node) const {
    return document_.ErrorAtName(node, "this field has no form in YAML");
  }

  const YamlDocument& document_;
};

}  // namespace

absl::Status YamlToMessage(const YamlDocument& document, Message& message) {
  message.Clear();
  return MessageFiller(document).Fill(document.root(), message);
}

}  // namespace signet
