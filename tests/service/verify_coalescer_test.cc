#include "service/verify_coalescer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace signet {
namespace {

using Answers = std::vector<absl::StatusOr<v1::VerifyResponse>>;
using Requests = absl::Span<const v1::VerifyRequest* const>;

// A call that keeps its answer, and how often it had one.
class KeptCall final : public VerifyCoalescer::Call {
 public:
  explicit KeptCall(const std::string& token) { request_.set_token(token); }

  const v1::VerifyRequest& request() const override { return request_; }

  void Answer(absl::StatusOr<v1::VerifyResponse> answer) override {
    right_ = answer.status() == absl::NotFoundError(request_.token());
    // Release, so that whoever sees the count sees the answer.
    count_.fetch_add(1, std::memory_order_release);
  }

  bool answered() const { return count_.load(std::memory_order_acquire) > 0; }
  bool answered_once_and_right() const {
    return count_.load(std::memory_order_acquire) == 1 && right_;
  }

 private:
  v1::VerifyRequest request_;
  bool right_ = false;
  std::atomic<int> count_ = 0;
};

// Answers each request with a status that says its token.
Answers Echo(Requests requests) {
  Answers answers;
  for (const v1::VerifyRequest* request : requests) {
    answers.emplace_back(absl::NotFoundError(request->token()));
  }
  return answers;
}

// Has each batch wait for a permit, and notes how large they were.
class Turnstile {
 public:
  VerifyCoalescer::VerifyAll AsVerifyAll() {
    return [this](Requests requests) {
      std::unique_lock lock(mutex_);
      batches_.push_back(requests.size());
      changed_.notify_all();
      changed_.wait(lock, [this] { return permits_ > 0; });
      --permits_;
      return Echo(requests);
    };
  }

  void Admit(int batches) {
    const std::lock_guard lock(mutex_);
    permits_ += batches;
    changed_.notify_all();
  }

  // AwaitBatches returns the sizes of all batches when there are so many.
  std::vector<size_t> AwaitBatches(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batches_.size() >= count; });
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int permits_ = 0;
  std::vector<size_t> batches_;
};

// A coalescer with two verifiers behind a turnstile, and threads that submit.
class VerifyCoalescerTest : public testing::Test {
 protected:
  ~VerifyCoalescerTest() override {
    turnstile_.Admit(1000);
    for (std::thread& thread : threads_) thread.join();
    for (const KeptCall& call : calls_) {
      EXPECT_TRUE(call.answered_once_and_right()) << call.request().token();
    }
  }

  KeptCall& NewCall() {
    return calls_.emplace_back(absl::StrCat("token ", calls_.size()));
  }

  void SubmitOnAThread() {
    threads_.emplace_back([this, &call = NewCall()] {
      coalescer_.Submit(call);
      ++returned_;
    });
  }

  // Submits calls that others will verify: this thread would never return.
  void LeaveWaiting(int count) {
    for (int i = 0; i < count; ++i) coalescer_.Submit(NewCall());
  }

  void AwaitReturned(int count) {
    while (returned_ < count) std::this_thread::yield();
  }

  std::deque<KeptCall> calls_;
  Turnstile turnstile_;
  VerifyCoalescer coalescer_{2, turnstile_.AsVerifyAll()};
  std::atomic<int> returned_ = 0;
  std::vector<std::thread> threads_;
};

TEST_F(VerifyCoalescerTest, AnswersACallThatComesAloneBeforeSubmitReturns) {
  turnstile_.Admit(2);
  for (int i = 0; i < 2; ++i) {
    KeptCall& call = NewCall();
    coalescer_.Submit(call);
    EXPECT_TRUE(call.answered());
  }
  EXPECT_EQ(turnstile_.AwaitBatches(2), std::vector<size_t>({1, 1}));
}

TEST_F(VerifyCoalescerTest, VerifiesTogetherWhatWaitsForAVerifier) {
  SubmitOnAThread();
  turnstile_.AwaitBatches(1);
  LeaveWaiting(VerifyCoalescer::kWorthAnother - 1);
  EXPECT_FALSE(calls_.back().answered());
  turnstile_.Admit(2);
  EXPECT_EQ(turnstile_.AwaitBatches(2), std::vector<size_t>({1, 3}));
}

TEST_F(VerifyCoalescerTest, HasAnotherThreadVerifyWhenEnoughWait) {
  SubmitOnAThread();
  turnstile_.AwaitBatches(1);
  LeaveWaiting(VerifyCoalescer::kWorthAnother - 1);
  SubmitOnAThread();
  EXPECT_EQ(turnstile_.AwaitBatches(2), std::vector<size_t>({1, 4}));
  // And not a third one.
  LeaveWaiting(VerifyCoalescer::kWorthAnother);
}

TEST_F(VerifyCoalescerTest, BoundsItsBatches) {
  SubmitOnAThread();
  turnstile_.AwaitBatches(1);
  LeaveWaiting(VerifyCoalescer::kWorthAnother - 1);
  SubmitOnAThread();
  turnstile_.AwaitBatches(2);
  LeaveWaiting(2 * VerifyCoalescer::kMaxBatch + 1);
  turnstile_.Admit(4);
  EXPECT_EQ(turnstile_.AwaitBatches(5), std::vector<size_t>({1, 4, 64, 64, 1}));
}

TEST_F(VerifyCoalescerTest, RelievesAThreadThatStaysForOthers) {
  SubmitOnAThread();
  turnstile_.AwaitBatches(1);
  LeaveWaiting(2);
  turnstile_.Admit(1);
  turnstile_.AwaitBatches(2);
  EXPECT_EQ(returned_, 0);
  // Alone, but the thread that verifies has done its part.
  SubmitOnAThread();
  EXPECT_EQ(turnstile_.AwaitBatches(3), std::vector<size_t>({1, 2, 1}));
  LeaveWaiting(3);
  turnstile_.Admit(1);
  AwaitReturned(1);  // Though some wait: the other looks again.
  turnstile_.Admit(1);
  EXPECT_EQ(turnstile_.AwaitBatches(4), std::vector<size_t>({1, 2, 1, 3}));
}

TEST(VerifyCoalescer, AnswersEachCallOnceHoweverManyThreadsSubmit) {
  constexpr int kThreads = 8;
  constexpr int kCalls = 2000;
  std::deque<KeptCall> calls;
  for (int i = 0; i < kThreads * kCalls; ++i) {
    calls.emplace_back(absl::StrCat(i));
  }
  VerifyCoalescer coalescer(3, Echo);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t * kCalls; i < (t + 1) * kCalls; ++i) {
        coalescer.Submit(calls[i]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // With the last thread, the last verifier has gone.
  for (const KeptCall& call : calls) {
    EXPECT_TRUE(call.answered_once_and_right()) << call.request().token();
  }
}

}  // namespace
}  // namespace signet
