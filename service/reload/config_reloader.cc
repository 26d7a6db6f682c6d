#include "service/reload/config_reloader.h"

#include <utility>

#include "absl/time/clock.h"
#include "service/config_field.h"

namespace signet {

ConfigReloader::ConfigReloader(std::string file, ServerPlan plan,
                               std::vector<FileMark> marks, RunningParts parts)
    : file_(std::move(file)),
      plan_(std::make_unique<const ServerPlan>(std::move(plan))),
      marks_(std::move(marks)),
      parts_(std::move(parts)) {}

absl::Status ConfigReloader::Reload(absl::string_view cause) {
  const std::lock_guard lock(mutex_);
  absl::Status outcome = TryReload();
  parts_.counts->Count(outcome, absl::Now());
  if (outcome.ok()) {
    parts_.log->Info("config.reloaded", {{"cause", LogText::Public(cause)}});
  } else {
    parts_.log->Warning(
        "config.not_reloaded",
        {{"cause", LogText::Public(cause)}, {"problem", outcome}});
  }
  return outcome;
}

absl::Status ConfigReloader::TryReload() {
  absl::StatusOr<ServerPlan> plan = ReadServerPlan(file_, plan_.get(), marks_);
  if (!plan.ok()) return plan.status();
  absl::Status done = PutInForce(*plan);
  if (done.ok()) {
    plan_ = std::make_unique<const ServerPlan>(*std::move(plan));
  }
  return done;
}

absl::StatusOr<std::shared_ptr<const HttpFace>> ConfigReloader::NewFace(
    const ServerPlan& plan) const {
  if (!parts_.face) return nullptr;
  return HttpFace::Create(*plan.http, plan.setup, parts_.state, parts_.metrics,
                          parts_.audit);
}

absl::Status ConfigReloader::UseCertificates(const ServerPlan& plan) const {
  if (parts_.tls) {
    absl::Status used = parts_.tls->Replace(*plan.exposure.tls_files);
    if (!used.ok()) return InField("listen.tls", used);
  }
  if (parts_.http == nullptr || !plan.http->tls) return absl::OkStatus();
  absl::Status used = parts_.http->ReplaceTls(*plan.http->tls);
  return used.ok() ? used : InField("http.tls", used);
}

absl::Status ConfigReloader::PutInForce(const ServerPlan& plan) {
  absl::StatusOr<std::shared_ptr<const HttpFace>> face = NewFace(plan);
  if (!face.ok()) return face.status();
  const std::shared_ptr<RemoteIssuers>& remote = plan.setup->remote;
  std::unique_ptr<RemoteRefresher> begun;
  if (!parts_.refresher && !remote->empty()) {
    auto fetching = parts_.begin_fetching(remote);
    if (!fetching.ok()) return fetching.status();
    begun = *std::move(fetching);
  }
  // Runs while this thread waits, and holds the mutex for it.
  const auto publish = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (parts_.refresher) parts_.refresher->Switch(remote);
    parts_.setup->Replace(plan.setup);
    if (parts_.face) parts_.face->Replace(*std::move(face));
    parts_.log->SetLevel(plan.log_level);
    // Those who wait ask the new ones.
    if (parts_.refresher) parts_.refresher->DropOld();
  };
  absl::Status switched = UseCertificates(plan);
  if (switched.ok()) {
    switched = parts_.state->Switch(plan.setup->issuers, remote, publish);
  }
  if (!switched.ok()) UseCertificates(*plan_).IgnoreError();
  if (switched.ok() && begun) parts_.refresher = std::move(begun);
  return switched;
}

std::vector<FileMark> ConfigReloader::marks() const {
  const std::lock_guard lock(mutex_);
  return marks_;
}

void ConfigReloader::FreeReplaced() {
  const std::lock_guard lock(mutex_);
  parts_.setup->FreeReplaced();
  if (parts_.face) parts_.face->FreeReplaced();
}

}  // namespace signet
