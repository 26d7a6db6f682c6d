#include "cli/output.h"

#include <iostream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/choice_option.h"
#include "cli/printable.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/time_util.h"

namespace signet {
namespace {

std::string ReasonName(v1::RejectionReason reason) {
  return ShortName("REJECTION_REASON_", v1::RejectionReason_Name(reason));
}

std::string ListOf(
    const google::protobuf::RepeatedPtrField<std::string>& values) {
  return absl::StrJoin(values, ", ");
}

}  // namespace

void AddOutputOption(CLI::App& command, OutputFormat& format) {
  AddChoiceOption<OutputFormat>(
      command, "--output", format,
      {{"text", OutputFormat::kText}, {"json", OutputFormat::kJson}},
      "For people or for programs")
      ->default_str("text");
}

absl::Status PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options)
           .ok()) {
    return absl::InternalError("the server's answer has no form in JSON");
  }
  std::cout << Printable(json) << "\n";
  return absl::OkStatus();
}

void PrintField(const std::string& name, const std::string& value) {
  if (value.empty()) return;
  std::cout << absl::StrFormat("  %-18s %s\n", name, Printable(value));
}

std::string ShortName(absl::string_view prefix, const std::string& name) {
  return absl::AsciiStrToLower(
      absl::StrReplaceAll(absl::StripPrefix(name, prefix), {{"_", " "}}));
}

std::string ToText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return {};
  return google::protobuf::util::TimeUtil::ToString(time);
}

void PrintText(const v1::VerifiedToken& token) {
  const v1::Claims& claims = token.claims();
  PrintField("kind",
             ShortName("TOKEN_KIND_", v1::TokenKind_Name(token.kind())));
  PrintField("algorithm", token.header().algorithm());
  PrintField("key", token.header().key_id());
  PrintField("issuer", claims.issuer());
  PrintField("subject", claims.subject());
  PrintField("audiences", ListOf(claims.audiences()));
  PrintField("expires at", ToText(claims.expires_at()));
  PrintField("not before", ToText(claims.not_before()));
  PrintField("issued at", ToText(claims.issued_at()));
  PrintField("token id", claims.token_id());
  PrintField("scopes", ListOf(claims.scopes()));
  PrintField("client", claims.client_id());
  PrintField("nonce", claims.nonce());
  PrintField("authorized party", claims.authorized_party());
  PrintField("authenticated at", ToText(claims.authenticated_at()));
  PrintField("acr", claims.authentication_context_class());
  PrintField("amr", ListOf(claims.authentication_methods()));
  if (claims.custom_claims_json() != "{}") {
    PrintField("other claims", claims.custom_claims_json());
  }
}

void PrintText(const v1::Rejection& rejection) {
  PrintField("reason", ReasonName(rejection.reason()));
  PrintField("claim", rejection.claim());
  PrintField("detail", rejection.detail());
}

void PrintText(const v1::Check& check) {
  const std::string name =
      ShortName("CHECK_NAME_", v1::CheckName_Name(check.name()));
  const std::string outcome =
      ShortName("CHECK_OUTCOME_", v1::CheckOutcome_Name(check.outcome()));
  PrintField(name, check.has_rejection()
                       ? absl::StrCat(outcome, ": ", check.rejection().detail())
                       : outcome);
}

}  // namespace signet
