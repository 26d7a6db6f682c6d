#include "cli/top_command.h"

#include <chrono>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/metrics_text.h"
#include "cli/top_view.h"
#include "fetch/curl_fetcher.h"
#include "fetch/fetch_url.h"
#include "fetch/fetcher.h"
#include "keys/file_contents.h"

namespace signet {
namespace {

// Moves a terminal's cursor home, and clears what follows.
constexpr char kClear[] = "\x1b[H\x1b[2J";

struct TopCommand {
  std::string url = "http://127.0.0.1:7411/metrics";
  std::string bearer_file;
  std::string ca_file;
  double interval_seconds = 2;
  bool once = false;

  ExitCode Run() const;
  absl::StatusOr<FetchRequest> ToRequest() const;
};

absl::StatusOr<FetchRequest> TopCommand::ToRequest() const {
  absl::StatusOr<FetchUrl> parsed =
      FetchUrl::Parse(url, PlainHttp::kToLoopbackOnly);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--url: ", parsed.status().message()));
  }
  auto options = std::make_shared<FetchOptions>();
  options->ca_file = ca_file;
  FetchRequest request{.url = *std::move(parsed),
                       .options = std::move(options),
                       .media_type = MediaType::kPlainText};
  if (!bearer_file.empty()) {
    const absl::StatusOr<FileContents> contents =
        FileContents::Read(bearer_file, Privacy::kSecret);
    if (!contents.ok()) return contents.status();
    request.bearer = std::string(absl::StripSuffix(contents->text(), "\n"));
  }
  return request;
}

absl::StatusOr<MetricsText> Look(Fetcher& fetcher,
                                 const FetchRequest& request) {
  std::promise<absl::StatusOr<FetchAnswer>> promise;
  fetcher.Fetch(request, [&promise](absl::StatusOr<FetchAnswer> answer) {
    promise.set_value(std::move(answer));
  });
  const absl::StatusOr<FetchAnswer> answer = promise.get_future().get();
  if (!answer.ok()) return answer.status();
  return MetricsText::Parse(answer->document->body);
}

// Since the server started.
absl::Duration Age(const MetricsText& metrics) {
  return absl::Now() - absl::UnixEpoch() -
         absl::Seconds(metrics.Sum("process_start_time_seconds"));
}

ExitCode TopCommand::Run() const {
  const absl::StatusOr<FetchRequest> request = ToRequest();
  if (!request.ok()) return Report(request.status());
  const absl::StatusOr<std::unique_ptr<Fetcher>> fetcher = NewCurlFetcher();
  if (!fetcher.ok()) return Report(fetcher.status());
  MetricsText before;
  absl::Time then = absl::InfinitePast();
  while (true) {
    const absl::Time now = absl::Now();
    absl::StatusOr<MetricsText> after = Look(**fetcher, *request);
    if (!after.ok()) return Report(after.status());
    if (!once) std::cout << kClear << request->url.TextForLog() << "\n\n";
    PrintTop(before, *after,
             then == absl::InfinitePast() ? Age(*after) : now - then);
    std::cout.flush();
    if (once || !std::cout) return ExitCode::kAccepted;
    before = *std::move(after);
    then = now;
    std::this_thread::sleep_for(
        std::chrono::duration<double>(interval_seconds));
  }
}

}  // namespace

void AddTopCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "top", "Watch what a server does: calls, issuers, keys, memory");
  const auto options = std::make_shared<TopCommand>();
  command.add_option("--url", options->url, "Its metrics")
      ->capture_default_str();
  command.add_option("--bearer-file", options->bearer_file,
                     "The bearer token of a client that may read METRICS");
  command.add_option("--ca-file", options->ca_file,
                     "Who issued its certificate (PEM), if not the system's");
  command
      .add_option("--interval", options->interval_seconds,
                  "Seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command.add_flag("--once", options->once,
                   "Print what it did on average since it started, and end");
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
