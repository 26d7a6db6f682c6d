#include "cli/inspect_command.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/output.h"
#include "cli/printable.h"
#include "cli/token_input.h"
#include "jose/base64url.h"
#include "jose/compact_jws.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "jose/unverified_jwt.h"

namespace signet {
namespace {

struct InspectCommand {
  TokenInput token;
  OutputFormat format = OutputFormat::kText;

  ExitCode Run() const;
};

// Inspection is what can be said of a token without a key: its parts, as far
// as they can be read, and what is wrong with its form.
struct Inspection {
  std::string header_json;  // Empty if it cannot be read.
  std::string claims_json;  // Empty if it cannot be read.
  std::optional<Rejection> rejection;
  RegisteredClaims times;  // Only the times, which have no owner.
};

std::string DecodeJson(absl::string_view part) {
  const std::optional<std::string> text = Base64UrlDecode(part);
  if (!text) return {};
  const absl::StatusOr<JsonDocument> document = JsonDocument::Parse(*text);
  return document.ok() ? ToJson(document->root()) : std::string();
}

Inspection Inspect(absl::string_view compact) {
  Inspection inspection;
  const RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(compact);
  if (jwt.ok()) {
    const RegisteredClaims& claims = jwt->claims().registered();
    inspection.times.expiration = claims.expiration;
    inspection.times.not_before = claims.not_before;
    inspection.times.issued_at = claims.issued_at;
  } else {
    inspection.rejection = jwt.rejection();
  }
  if (compact.size() > kMaxTokenBytes) return inspection;
  const std::vector<absl::string_view> parts = absl::StrSplit(compact, '.');
  inspection.header_json = DecodeJson(parts[0]);
  if (parts.size() > 1) inspection.claims_json = DecodeJson(parts[1]);
  return inspection;
}

void PrintTime(const std::string& name, const std::optional<absl::Time>& time,
               absl::Time now) {
  if (!time) return;
  const absl::Duration distance =
      absl::Floor(absl::AbsDuration(*time - now), absl::Seconds(1));
  PrintField(name, absl::StrCat(absl::FormatTime(absl::RFC3339_full, *time,
                                                 absl::UTCTimeZone()),
                                *time > now ? " (in " : " (",
                                absl::FormatDuration(distance),
                                *time > now ? ")" : " ago)"));
}

void PrintAsText(const Inspection& inspection, absl::Time now) {
  std::cout << "not verified: anyone can write this\n";
  PrintField("header", inspection.header_json);
  PrintField("claims", inspection.claims_json);
  PrintTime("expires at", inspection.times.expiration, now);
  PrintTime("not before", inspection.times.not_before, now);
  PrintTime("issued at", inspection.times.issued_at, now);
  if (!inspection.rejection) return;
  std::cout << "would be rejected\n";
  PrintField("claim", inspection.rejection->claim);
  PrintField("detail", std::string(inspection.rejection->detail));
}

void PrintAsJson(const Inspection& inspection) {
  JsonObjectWriter writer;
  writer.AddBool("verified", false);
  writer.AddBool("well_formed", !inspection.rejection);
  if (!inspection.header_json.empty()) {
    writer.AddJson("header", inspection.header_json);
  }
  if (!inspection.claims_json.empty()) {
    writer.AddJson("claims", inspection.claims_json);
  }
  if (inspection.rejection) {
    writer.AddString("claim", inspection.rejection->claim);
    writer.AddString("detail", inspection.rejection->detail);
  }
  std::cout << Printable(std::move(writer).Finish()) << "\n";
}

ExitCode InspectCommand::Run() const {
  const absl::StatusOr<std::string> compact = token.Read();
  if (!compact.ok()) return Report(compact.status());
  const Inspection inspection = Inspect(*compact);
  if (format == OutputFormat::kJson) {
    PrintAsJson(inspection);
  } else {
    PrintAsText(inspection, absl::Now());
  }
  return inspection.rejection ? ExitCode::kRejected : ExitCode::kAccepted;
}

}  // namespace

void AddInspectCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "inspect",
      "Decode a token without a key and without trusting it: exit 0 if it is "
      "well-formed, 1 if not");
  const auto options = std::make_shared<InspectCommand>();
  options->token.AddTo(command);
  AddOutputOption(command, options->format);
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
