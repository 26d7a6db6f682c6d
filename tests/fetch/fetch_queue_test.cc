#include "fetch/fetch_queue.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace signet {
namespace {

using Queue = FetchQueue<std::string>;

// Adds requests, each of which is named after its host: "a1".
void AddAll(Queue& queue, const std::vector<std::string>& requests) {
  for (const std::string& request : requests) {
    queue.Add(request.substr(0, 1), request);
  }
}

std::vector<Queue::Running> StartAll(Queue& queue) {
  std::vector<Queue::Running> all;
  while (std::optional<Queue::Running> running = queue.StartNext()) {
    all.push_back(*running);
  }
  return all;
}

std::vector<std::string> NamesOf(const std::vector<Queue::Running>& running) {
  std::vector<std::string> names;
  names.reserve(running.size());
  for (const Queue::Running& one : running) names.push_back(one.request);
  return names;
}

TEST(FetchQueueTest, StartsInTheOrderOfArrivalUntilAllPlacesAreTaken) {
  Queue queue({.running = 2, .running_per_host = 2, .waiting = 8});
  AddAll(queue, {"a1", "b1", "c1"});
  const auto running = StartAll(queue);
  EXPECT_EQ(NamesOf(running), (std::vector<std::string>{"a1", "b1"}));
  queue.End(running[0].place, HostHealth::kWell);
  EXPECT_EQ(NamesOf(StartAll(queue)), (std::vector<std::string>{"c1"}));
}

TEST(FetchQueueTest, PassesOverHostsThatHaveTheirShare) {
  Queue queue({.running = 8, .running_per_host = 1, .waiting = 8});
  AddAll(queue, {"a1", "a2", "a3", "b1"});
  const auto running = StartAll(queue);
  EXPECT_EQ(NamesOf(running), (std::vector<std::string>{"a1", "b1"}));
  AddAll(queue, {"c1"});
  EXPECT_EQ(NamesOf(StartAll(queue)), (std::vector<std::string>{"c1"}));
  queue.End(running[0].place, HostHealth::kIll);
  EXPECT_EQ(NamesOf(StartAll(queue)), (std::vector<std::string>{"a2"}));
}

TEST(FetchQueueTest, HostsThatAreIllHaveHalfThePlacesAtMost) {
  Queue queue({.running = 4, .running_per_host = 4, .waiting = 8});
  AddAll(queue, {"a1", "b1"});
  for (const auto& running : StartAll(queue)) {
    queue.End(running.place, HostHealth::kIll);
  }
  AddAll(queue, {"a2", "b2", "a3", "b3", "c1", "c2", "c3"});
  const auto running = StartAll(queue);
  EXPECT_EQ(NamesOf(running),
            (std::vector<std::string>{"a2", "b2", "c1", "c2"}));
  // One that is well again has no such limit.
  queue.End(running[0].place, HostHealth::kWell);
  EXPECT_EQ(NamesOf(StartAll(queue)), (std::vector<std::string>{"a3"}));
}

TEST(FetchQueueTest, SaysWhenItIsFull) {
  Queue queue({.running = 1, .running_per_host = 1, .waiting = 2});
  AddAll(queue, {"a1", "a2"});
  EXPECT_TRUE(queue.IsFull());
  EXPECT_EQ(queue.StartNext()->request, "a1");
  EXPECT_FALSE(queue.IsFull());
}

TEST(FetchQueueTest, GivesBackWhatWaits) {
  Queue queue({.running = 1, .running_per_host = 1, .waiting = 8});
  AddAll(queue, {"a1", "a2", "b1"});
  EXPECT_EQ(queue.StartNext()->request, "a1");
  EXPECT_EQ(queue.TakeWaiting(), "a2");
  EXPECT_EQ(queue.TakeWaiting(), "b1");
  EXPECT_EQ(queue.TakeWaiting(), std::nullopt);
}

}  // namespace
}  // namespace signet
