#ifndef SIGNET_SERVICE_YAML_YAML_MESSAGE_H_
#define SIGNET_SERVICE_YAML_YAML_MESSAGE_H_

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "service/yaml/yaml_document.h"

namespace signet {

// YamlToMessage fills `message`, of any type, from `document`. On an error the
// content of `message` is unspecified.
//
// Fields have their names in the .proto file. Enum values are written without
// the prefix made of their type's name, and UNSPECIFIED is not one of them. A
// google.protobuf.Duration is written as whole numbers of h, m, s, ms, us or
// ns, like "1h30m". Numbers are decimal. A scalar in quotes is text: it is not
// a number, nor true or false. Nothing may be null.
//
// Refused with the form of error that YamlDocument::Parse describes: what the
// message's type does not have, values of another type or out of range, and two
// members of one oneof. Bytes, and maps whose keys are not strings, have no
// form in YAML: giving such a field is refused too.
absl::Status YamlToMessage(const YamlDocument& document,
                           google::protobuf::Message& message);

}  // namespace signet

#endif  // SIGNET_SERVICE_YAML_YAML_MESSAGE_H_
