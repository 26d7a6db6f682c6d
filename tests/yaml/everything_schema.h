#ifndef SIGNET_TESTS_YAML_EVERYTHING_SCHEMA_H_
#define SIGNET_TESTS_YAML_EVERYTHING_SCHEMA_H_

namespace signet {

// kEverythingSchema is the FileDescriptorProto, as text, of a message with a
// field of every type.
inline constexpr char kEverythingSchema[] = R"pb(
  name: "everything.proto"
  package: "test"
  syntax: "proto3"
  dependency: "google/protobuf/duration.proto"
  enum_type {
    name: "KeyUse"
    value { name: "KEY_USE_UNSPECIFIED" number: 0 }
    value { name: "KEY_USE_SIGN" number: 1 }
    value { name: "VERIFY" number: 2 }
  }
  message_type {
    name: "Everything"
    field { name: "i32" number: 1 type: TYPE_INT32 }
    field { name: "i64" number: 2 type: TYPE_SFIXED64 }
    field { name: "u32" number: 3 type: TYPE_UINT32 }
    field { name: "u64" number: 4 type: TYPE_FIXED64 }
    field { name: "f32" number: 5 type: TYPE_FLOAT }
    field { name: "f64" number: 6 type: TYPE_DOUBLE }
    field { name: "flag" number: 7 type: TYPE_BOOL }
    field { name: "text" number: 8 type: TYPE_STRING }
    field { name: "raw" number: 9 type: TYPE_BYTES }
    field { name: "use" number: 10 type: TYPE_ENUM type_name: "KeyUse" }
    field {
      name: "lifetime"
      number: 11
      type: TYPE_MESSAGE
      type_name: ".google.protobuf.Duration"
    }
    field { name: "one" number: 12 type: TYPE_STRING oneof_index: 0 }
    field {
      name: "other"
      number: 13
      type: TYPE_MESSAGE
      type_name: "Everything"
      oneof_index: 0
    }
    field {
      name: "maybe"
      number: 14
      type: TYPE_UINT32
      oneof_index: 1
      proto3_optional: true
    }
    field {
      name: "nested"
      number: 15
      type: TYPE_MESSAGE
      type_name: "Everything"
    }
    field { name: "numbers" number: 16 type: TYPE_UINT32 label: LABEL_REPEATED }
    field { name: "texts" number: 17 type: TYPE_STRING label: LABEL_REPEATED }
    field {
      name: "uses"
      number: 18
      type: TYPE_ENUM
      type_name: "KeyUse"
      label: LABEL_REPEATED
    }
    field {
      name: "list"
      number: 19
      type: TYPE_MESSAGE
      type_name: "Everything"
      label: LABEL_REPEATED
    }
    field {
      name: "labels"
      number: 20
      type: TYPE_MESSAGE
      type_name: "LabelsEntry"
      label: LABEL_REPEATED
    }
    field {
      name: "by_number"
      number: 21
      type: TYPE_MESSAGE
      type_name: "ByNumberEntry"
      label: LABEL_REPEATED
    }
    oneof_decl { name: "choice" }
    oneof_decl { name: "_maybe" }
    nested_type {
      name: "LabelsEntry"
      field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "value" number: 2 type: TYPE_UINT32 label: LABEL_OPTIONAL }
      options { map_entry: true }
    }
    nested_type {
      name: "ByNumberEntry"
      field { name: "key" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL }
      field { name: "value" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
      options { map_entry: true }
    }
  }
)pb";

}  // namespace signet

#endif  // SIGNET_TESTS_YAML_EVERYTHING_SCHEMA_H_
