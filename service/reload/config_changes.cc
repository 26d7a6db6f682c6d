#include "service/reload/config_changes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/message_differencer.h"

namespace signet {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// Keeps the first field that differs.
class FirstDifference final : public MessageDifferencer::Reporter {
 public:
  using Path = std::vector<MessageDifferencer::SpecificField>;

  void ReportAdded(const Message& before, const Message& after,
                   const Path& path) override {
    ReportModified(before, after, path);
  }
  void ReportDeleted(const Message& before, const Message& after,
                     const Path& path) override {
    ReportModified(before, after, path);
  }
  void ReportModified(const Message&, const Message&,
                      const Path& path) override {
    if (!field_.empty()) return;
    for (const MessageDifferencer::SpecificField& each : path) {
      absl::StrAppend(&field_, field_.empty() ? "" : ".", each.field->name());
    }
  }

  // Empty, if none does.
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

// What each setup and each HTTP face has of its own, and what is set anew.
void IgnoreChangeable(MessageDifferencer& differencer) {
  const auto ignore = [&](const Descriptor* message, const char* field) {
    differencer.IgnoreField(message->FindFieldByName(field));
  };
  const Descriptor* const server = config::v1::ServerConfig::descriptor();
  ignore(server, "issuers");
  ignore(server, "policies");
  ignore(server, "sign_rates");
  ignore(server, "authorization");
  ignore(server, "log");
  const Descriptor* const limits = config::v1::Limits::descriptor();
  ignore(limits, "max_batch_size");
  ignore(limits, "max_calls");
  ignore(limits, "max_rsa_bits");
  ignore(limits, "token_cache_bytes");
  const Descriptor* const http = config::v1::Http::descriptor();
  ignore(http, "clients");
  ignore(http, "introspection_issuer");
}

// Of which some may change: so it may come and go.
config::v1::ServerConfig WithLimits(config::v1::ServerConfig config) {
  config.mutable_limits();
  return config;
}

}  // namespace

absl::Status CheckChanges(const config::v1::ServerConfig& before,
                          const config::v1::ServerConfig& after) {
  MessageDifferencer differencer;
  IgnoreChangeable(differencer);
  FirstDifference difference;
  differencer.ReportDifferencesTo(&difference);
  if (differencer.Compare(WithLimits(before), WithLimits(after))) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      difference.field(), ": cannot change while the server runs; restart it"));
}

}  // namespace signet
