#include "fetch/curl_fetcher.h"

#include <curl/curl.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "fetch/transfer.h"

namespace signet {
namespace {

// libcurl wakes up by itself when something happens.
constexpr int kPollMilliseconds = 60000;

struct DeleteMulti {
  void operator()(CURLM* multi) const { (void)curl_multi_cleanup(multi); }
};
using Multi = std::unique_ptr<CURLM, DeleteMulti>;

class CurlFetcher final : public Fetcher {
 public:
  CurlFetcher(Multi multi, const FetchCapacity& capacity)
      : multi_(std::move(multi)),
        queue_(capacity),
        thread_([this] { Run(); }) {}
  ~CurlFetcher() override;

  void Fetch(FetchRequest request, Done done) override;

 private:
  using TransferPointer = std::unique_ptr<Transfer>;
  using Queue = FetchQueue<TransferPointer>;

  void Run();
  void Accept();
  void StartWhatMay();
  void ProceedWithEnded();
  void Proceed(CURL* handle, CURLcode result);
  void RunExchange(Queue::Running running);
  void End(const Queue::Running& running, Transfer::Outcome outcome);
  void CancelAll();
  std::vector<TransferPointer> TakeAccepted();

  const Multi multi_;
  std::mutex mutex_;
  // What the thread has not seen yet.
  std::vector<TransferPointer> accepted_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> stopping_ = false;
  // Of the thread alone.
  Queue queue_;
  absl::flat_hash_map<CURL*, Queue::Running> running_;
  std::thread thread_;
};

CurlFetcher::~CurlFetcher() {
  stopping_ = true;
  (void)curl_multi_wakeup(multi_.get());
  thread_.join();
}

void CurlFetcher::Fetch(FetchRequest request, Done done) {
  auto transfer =
      std::make_unique<Transfer>(std::move(request), std::move(done));
  {
    const std::lock_guard lock(mutex_);
    accepted_.push_back(std::move(transfer));
  }
  (void)curl_multi_wakeup(multi_.get());
}

void CurlFetcher::Run() {
  // A connection that the other side has closed is no reason to end a process.
  sigset_t signals;
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  while (!stopping_) {
    int running = 0;
    (void)curl_multi_perform(multi_.get(), &running);
    ProceedWithEnded();
    Accept();
    // Last: what has ended makes room, and libcurl waits no longer than what
    // has been started may.
    StartWhatMay();
    (void)curl_multi_poll(multi_.get(), nullptr, 0, kPollMilliseconds, nullptr);
  }
  CancelAll();
}

std::vector<CurlFetcher::TransferPointer> CurlFetcher::TakeAccepted() {
  const std::lock_guard lock(mutex_);
  return std::exchange(accepted_, {});
}

void CurlFetcher::Accept() {
  for (TransferPointer& transfer : TakeAccepted()) {
    if (queue_.IsFull()) {
      transfer->Finish(absl::UnavailableError(
          "too many requests wait to be sent; try again later"));
    } else {
      std::string host = transfer->host();
      queue_.Add(std::move(host), std::move(transfer));
    }
  }
}

void CurlFetcher::StartWhatMay() {
  while (std::optional<Queue::Running> running = queue_.StartNext()) {
    const absl::Status started = running->request->Start();
    if (started.ok()) {
      RunExchange(*std::move(running));
    } else {
      End(*running, started);
    }
  }
}

void CurlFetcher::RunExchange(Queue::Running running) {
  CURL* const handle = running.request->handle();
  (void)curl_multi_add_handle(multi_.get(), handle);
  running_.emplace(handle, std::move(running));
}

void CurlFetcher::ProceedWithEnded() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg == CURLMSG_DONE) {
      Proceed(message->easy_handle, message->data.result);
    }
  }
}

void CurlFetcher::Proceed(CURL* handle, CURLcode result) {
  (void)curl_multi_remove_handle(multi_.get(), handle);
  auto node = running_.extract(handle);
  Queue::Running running = std::move(node.mapped());
  std::optional<Transfer::Outcome> outcome = running.request->Proceed(result);
  if (outcome) {
    End(running, *std::move(outcome));
  } else {
    RunExchange(std::move(running));
  }
}

void CurlFetcher::End(const Queue::Running& running,
                      Transfer::Outcome outcome) {
  // What is refused has not taken long.
  queue_.End(running.place, absl::IsUnavailable(outcome.status())
                                ? HostHealth::kIll
                                : HostHealth::kWell);
  running.request->Finish(std::move(outcome));
}

void CurlFetcher::CancelAll() {
  const absl::Status ended = absl::CancelledError("the server stops fetching");
  for (auto& [handle, running] : running_) {
    (void)curl_multi_remove_handle(multi_.get(), handle);
    running.request->Finish(ended);
  }
  running_.clear();
  while (std::optional<TransferPointer> waiting = queue_.TakeWaiting()) {
    (*waiting)->Finish(ended);
  }
  for (const TransferPointer& transfer : TakeAccepted()) {
    transfer->Finish(ended);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Fetcher>> NewCurlFetcher(
    const FetchCapacity& capacity) {
  // Never undone: other parts of the process may use libcurl or OpenSSL.
  const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  constexpr int kNeeded =
      CURL_VERSION_ASYNCHDNS | CURL_VERSION_SSL | CURL_VERSION_THREADSAFE;
  const int features = curl_version_info(CURLVERSION_NOW)->features;
  if (initialized != CURLE_OK || (features & kNeeded) != kNeeded) {
    return absl::FailedPreconditionError(
        "libcurl is of no use here: it needs TLS, and to resolve names "
        "without blocking");
  }
  Multi multi(curl_multi_init());
  if (multi == nullptr) {
    return absl::FailedPreconditionError("libcurl cannot be started");
  }
  return std::make_unique<CurlFetcher>(std::move(multi), capacity);
}

}  // namespace signet
