#ifndef SIGNET_CLI_OUTPUT_H_
#define SIGNET_CLI_OUTPUT_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "signet/v1/rejection.pb.h"
#include "signet/v1/token.pb.h"

namespace signet {

// OutputFormat is for whom a command writes.
enum class OutputFormat { kText, kJson };

// AddOutputOption declares --output on a command. `format` must outlive it.
void AddOutputOption(CLI::App& command, OutputFormat& format);

// PrintJson writes a message as one line of JSON, by protobuf's mapping, with
// the field names of the .proto files. Writes nothing, and says why, if the
// message has no form in JSON (a time in year 10000).
absl::Status PrintJson(const google::protobuf::Message& message);

// Print writes a message in `format`: as PrintJson does, or by
// `print_text(message)`.
template <typename Message>
absl::Status Print(const Message& message, OutputFormat format,
                   absl::FunctionRef<void(const Message&)> print_text) {
  if (format == OutputFormat::kJson) return PrintJson(message);
  print_text(message);
  return absl::OkStatus();
}

// PrintText writes what a person wants to know about a token or a refusal.
void PrintText(const v1::VerifiedToken& token);
void PrintText(const v1::Rejection& rejection);
void PrintText(const v1::Check& check);

// PrintField writes "  name  value", made Printable, unless the value is empty.
void PrintField(const std::string& name, const std::string& value);

// ShortName writes the name of an enum's value without its prefix, for people:
// "REJECTION_REASON_TOKEN_EXPIRED" as "token expired".
std::string ShortName(absl::string_view prefix, const std::string& name);

// ToText writes a point in time as RFC 3339 does, or nothing if it is not set.
std::string ToText(const google::protobuf::Timestamp& time);

}  // namespace signet

#endif  // SIGNET_CLI_OUTPUT_H_
